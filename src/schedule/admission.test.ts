import assert from 'node:assert/strict';
import { it } from 'node:test';
import { firstThatFits } from './admission.ts';

const candidates = [
  { name: 'large', expectedBytes: 80 },
  { name: 'middle', expectedBytes: 40 },
  { name: 'small', expectedBytes: 10 },
];

it('the best build that fits beside the others is next', () => {
  assert.equal(firstThatFits(candidates, [20], 100), 'large');
  assert.equal(firstThatFits(candidates, [20, 20], 100), 'middle');
  assert.equal(firstThatFits(candidates, [20, 65], 100), 'small');
  assert.equal(firstThatFits(candidates, [100], 100), undefined);
});

it('alone the best one may start, however large it is', () => {
  assert.equal(firstThatFits(candidates, [], 50), 'large');
  assert.equal(firstThatFits([], [], 50), undefined);
});
