import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstProgramMs } from './kernel-clock.ts';

test("the first program's start is told by the clock of /proc/uptime", () => {
  const log = '[    2.500000] Run /init as init process\n[   10.250000] bench: uptime 10.20';
  assert.equal(Math.round(firstProgramMs(log)), 2450);
});

test('the first of several counts, and a log without it is no figure', () => {
  const two = '[    2.0] Run /init as init process\n[    4.0] Run /sbin/init as init process\n';
  assert.equal(firstProgramMs(`${two}[    9.0] bench: uptime 9.0`), 2000);
  assert.throws(() => firstProgramMs('[    9.0] bench: uptime 9.0'), /does not say/);
  assert.throws(() => firstProgramMs(two), /does not say/);
});
