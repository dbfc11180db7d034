import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyPercent, parseProcessorTime } from './processor-time.ts';

test('what the cores did is read from the line of all of them', () => {
  const stat = 'cpu  100 10 50 800 30 1 2 7 5 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n';
  assert.deepEqual(parseProcessorTime(stat), { busyMs: 1630, otherMs: 8370 });
});

test('busy is the share of what passed between two readings', () => {
  const from = { busyMs: 1000, otherMs: 5000 };
  assert.equal(busyPercent(from, { busyMs: 1300, otherMs: 5100 }), 75);
  assert.equal(busyPercent(from, from), 0);
});
