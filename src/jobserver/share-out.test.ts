import assert from 'node:assert/strict';
import { it } from 'node:test';
import { shareOut } from './share-out.ts';

it('all tokens are shared out, most to the first', () => {
  assert.deepEqual(shareOut(7, 3), [4, 2, 1]);
  assert.deepEqual(shareOut(5, 1), [5]);
  assert.deepEqual(shareOut(1, 3), [1, 0, 0]);
  assert.deepEqual(shareOut(9, 2), [5, 4]);
});

it('without builds or tokens there is nothing to share', () => {
  assert.deepEqual(shareOut(3, 0), []);
  assert.deepEqual(shareOut(0, 2), [0, 0]);
});
