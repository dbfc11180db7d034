/** A sample of `npm run test:faults -- flash`: see test/faults/flash/run.ts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FAULT_KINDS } from './flash/faults.ts';
import { tryFault } from './flash/trial.ts';

const SAMPLED = 100;

describe('a drive with a fault', () => {
  for (const [at, kind] of FAULT_KINDS.entries()) {
    test(`is never said to be done: ${kind}`, async () => {
      for (let number = at; number < SAMPLED; number += FAULT_KINDS.length) {
        const { draw, said, faults } = await tryFault(number, 7);
        assert.deepEqual(faults, [], `number ${number}: ${JSON.stringify(draw)}: ${said}`);
      }
    });
  }
});
