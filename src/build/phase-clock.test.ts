import assert from 'node:assert/strict';
import { it } from 'node:test';
import { PhaseClock } from './phase-clock.ts';

function listen(lines: readonly string[]) {
  const said: string[] = [];
  const clock = new PhaseClock({
    begun: (phase) => said.push(`${phase} began`),
    finished: (phase, { wallMs, cpuMs }) => said.push(`${phase} took ${wallMs} ms, ${cpuMs} ms of CPU`),
  });
  for (const line of lines) clock.read(line);
  return { said, clock };
}

it('a phase spends what is spent from its beginning to that of the next', () => {
  const { said, clock } = listen([
    ...['100.000000 configure', '0m0.010s 0m0.020s', '0m0.000s 0m0.000s'],
    ...['102.500000 build', '0m0.010s 0m0.020s', '0m1.000s 0m0.500s'],
    'verdict 0',
    ...['200.000000 done', '0m0.020s 0m0.020s', '1m1.000s 0m0.500s'],
  ]);
  assert.deepEqual(said, [
    'configure began',
    'configure took 2500 ms, 1500 ms of CPU',
    'build began',
    'build took 97500 ms, 60010 ms of CPU',
  ]);
  assert.equal(clock.cpuMs, 61_540);
  assert.equal(clock.phase, undefined);
});

it('a script that ends in a phase leaves it unfinished, and known', () => {
  const { said, clock } = listen(['100.000000 build', '0m0.010s 0m0.020s', '0m0.000s 0m0.000s']);
  assert.deepEqual(said, ['build began']);
  assert.equal(clock.phase, 'build');
});
