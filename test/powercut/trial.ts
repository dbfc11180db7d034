import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Firmware } from '#boot';
import { type Required, requiredRecords } from './acknowledged.ts';
import type { Base } from './base.ts';
import type { Bench } from './bench.ts';
import { type Crash, chooseCrash, wholeLog } from './crash-state.ts';
import { judgeState, type Verdict } from './judge-state.ts';
import { makeState } from './make-state.ts';
import { seedFor } from './random.ts';
import type { Recording } from './recorder.ts';
import type { Scenario } from './scenario.ts';

/** What came of one crash. */
export type Trial = Verdict & {
  readonly scenario: string;
  readonly number: number;
  readonly run: number;
  readonly firmware: Firmware | 'none';
  readonly bus: string;
  readonly flushAt: number;
  readonly at: number;
  readonly entryCount: number;
  readonly keptCount: number;
  readonly tornCount: number;
  readonly droppedCount: number;
  /** Acknowledged records that had to be there; and those of them that a lying drive has dropped. */
  readonly requiredCount: number;
  readonly liedCount: number;
  readonly durationMs: number;
};

/** Which crash, and what is done with it. */
export type TrialRequest = {
  readonly number: number;
  readonly bench: Bench;
  readonly scenario: Scenario;
  /** Of so many recorded runs the crashes are. */
  readonly runs: number;
  readonly throughFirmware: boolean;
  readonly isControl: boolean;
  readonly keeps: boolean;
};

type Recorded = { readonly run: number; readonly recording: Recording; readonly base: Base };

/** Makes the drive of one crash, boots it, and judges it. */
export async function tryCrash(recorded: Recorded, request: TrialRequest): Promise<Trial> {
  const { run, recording, base } = recorded;
  const { number, bench, scenario } = request;
  const { log, acknowledgements } = recording;
  const startedAt = performance.now();
  // The first crash of each run is what the killed QEMU left; with the others the drive had a cache that lost things.
  const crash = number < request.runs ? wholeLog(log) : chooseCrash(log, seedFor(recording.seed, number));
  const told = request.isControl ? asIfFlushed(crash, log.entries.length) : crash;
  const requiredCount = countOf(requiredRecords(log, acknowledgements, told));
  // Drives are large; /tmp may be memory.
  const folder = await mkdtemp(join(process.env['TMPDIR'] ?? '/var/tmp', 'blazeneuro-powercut-'));
  try {
    const path = join(folder, 'drive.img');
    await makeState(base.drive, path, { log, crash });
    const firmware = request.throughFirmware ? FIRMWARES_IN_TURN[number % 2] : undefined;
    const verdict = await judgeState(scenario, { bench, base, path, recording, crash: told }, firmware);
    if (request.keeps && verdict.violations.length > 0) await keep(request, path, { base, log, crash });
    return {
      ...{ scenario: scenario.name, number, run, firmware: firmware ?? 'none', bus: recording.bus },
      ...{ flushAt: crash.flushAt, at: crash.at, entryCount: log.entries.length },
      keptCount: crash.kept.length,
      tornCount: crash.kept.filter(({ sectors }) => sectors !== undefined).length,
      droppedCount: crash.droppedCount,
      requiredCount,
      liedCount: requiredCount - countOf(requiredRecords(log, acknowledgements, crash)),
      durationMs: Math.round(performance.now() - startedAt),
      ...verdict,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const FIRMWARES_IN_TURN: readonly Firmware[] = ['bios', 'uefi'];

/** What a drive owes that told the guest that all was safe, and had only what the crash has left. */
function asIfFlushed(crash: Crash, entryCount: number): Crash {
  return { ...crash, at: entryCount - 1 };
}

function countOf(required: Required): number {
  return [...required.values()].reduce((sum, number) => sum + number, 0);
}

/** The drive as the crash left it, and as it was after the boot that failed. */
async function keep(
  { bench, scenario, number }: TrialRequest,
  booted: string,
  made: { readonly base: Base; readonly log: Recording['log']; readonly crash: Crash },
): Promise<void> {
  const folder = join(bench.folder, 'kept', `${scenario.name}-${number}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await makeState(made.base.drive, join(folder, 'crashed.img'), made);
  await rename(booted, join(folder, 'booted.img'));
}
