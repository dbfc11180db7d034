import { unwrap } from '#base';
import type { Bench, Scenario } from './bench.ts';

const COUNT_TIME_LIMIT_MS = 180_000;
const POWER_OFF_TIME_LIMIT_MS = 60_000;

/**
 * For a system without logins: it says how often it was booted, a count that it keeps on its own root, and powers
 * off by itself. The pattern's first group is the count.
 */
export function smokeScenario(pattern: RegExp = /blazeneuro-tiny: boot (\d+)\n/): Scenario {
  return {
    name: 'counts its boots',
    run: async (bench) => {
      const first = await bench.step('first boot', () => bootOnce(bench, pattern));
      const second = await bench.step('second boot', () => bootOnce(bench, pattern));
      bench.record({
        name: 'the count on the root file system grew by one',
        passed: second === first + 1,
        detail: `${first}, then ${second}`,
      });
    },
  };
}

async function bootOnce(bench: Bench, pattern: RegExp): Promise<number> {
  await using machine = bench.switchOn();
  const match = await machine.waitFor(pattern, {
    what: 'the count of boots',
    timeLimitMs: COUNT_TIME_LIMIT_MS,
  });
  const count = Number(unwrap(match)[1]);
  bench.time({ name: 'QEMU start to the count of boots', durationMs: machine.elapsedMs() });
  unwrap(await machine.waitForPowerOff(POWER_OFF_TIME_LIMIT_MS));
  return count;
}
