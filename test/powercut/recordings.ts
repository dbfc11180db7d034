import { join } from 'node:path';
import type { Base } from './base.ts';
import type { Bench } from './bench.ts';
import { type Recording, recordRun } from './recorder.ts';
import type { Scenario } from './scenario.ts';

/** The recorded runs that crashes are made of. */
export type Recordings = {
  /** The run that a crash is of, recorded when it is first asked for. */
  of(crash: number): Promise<{ readonly run: number; readonly recording: Recording; readonly base: Base }>;
};

/** Runs take turns, so that any few crashes are of as many runs as can be. */
export function openRecordings(bench: Bench, scenario: Scenario, runs: number): Recordings {
  let base: Promise<Base> | undefined;
  const recorded = new Map<number, Promise<Recording>>();
  const record = async (run: number): Promise<Recording> => {
    base ??= scenario.base(bench);
    const seed = run + 1;
    const recording = await recordRun(bench, await base, {
      name: join(scenario.name, `run-${run}`),
      seed,
      // Each fourth run writes to a USB stick that has no cache, and so is never flushed.
      bus: run % 4 === 3 ? 'usb' : 'virtio',
      act: scenario.act(await base, seed),
    });
    const { acknowledgements, log, bus, durationMs, otherSectors } = recording;
    const flushes = log.entries.filter(({ isFlush }) => isFlush).length;
    console.log(
      `run ${run} on ${bus}: ${acknowledgements.length} records acknowledged, ${log.entries.length} entries with ` +
        `${flushes} flushes, ${otherSectors} sectors not in the log, ${(durationMs / 1000).toFixed(1)} s`,
    );
    return recording;
  };
  return {
    of: async (crash) => {
      const run = crash % runs;
      const recording = recorded.get(run) ?? record(run);
      recorded.set(run, recording);
      base ??= scenario.base(bench);
      return { run, recording: await recording, base: await base };
    },
  };
}
