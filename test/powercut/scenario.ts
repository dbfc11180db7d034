import { unwrap } from '#base';
import { type Base, JOB_FILE, JOB_PLACE, newStick, usedStick } from './base.ts';
import type { Bench } from './bench.ts';
import type { Crash } from './crash-state.ts';
import { reachLogin } from './guest.ts';
import { judgeRecordsOf } from './judge-drive.ts';
import { judgeFirstBoot, UNTIL_GROWN } from './judge-first-boot.ts';
import { seededRandom, seedFor } from './random.ts';
import { type Act, type Recording, waitForRecords } from './recorder.ts';

/** What a machine does while its power is cut, and what must be found on its drive afterwards. */
export type Scenario = {
  readonly name: string;
  base(bench: Bench): Promise<Base>;
  act(base: Base, seed: number): Act;
  /** What is wrong with a drive that was booted after the crash, and shut down. */
  judge(drive: JudgedDrive): Promise<string[]>;
  /** A command for the guest, before it is shut down. */
  readonly lastWord?: string;
};

export type JudgedDrive = {
  readonly bench: Bench;
  readonly base: Base;
  readonly path: string;
  readonly recording: Recording;
  readonly crash: Crash;
};

const GIB = 2 ** 30;
const GROWTH_TIME_LIMIT_MS = 240_000;
/** Most records of one pattern: more than a machine writes until its power is cut. */
const MOST_RECORDS = 400;

const records: Scenario = {
  name: 'records',
  base: usedStick,
  act: (base, seed) => async (machine, heard) => {
    const random = seededRandom(seedFor(seed, 0));
    const until = { count: 40 + random.below(160), thenMs: random.below(500) };
    const { shell } = unwrap(await reachLogin(machine, base.password));
    const job = `setsid bash ${JOB_FILE} ${seed} ${JOB_PLACE} ${MOST_RECORDS} 3<>/dev/ttyS1 > /dev/null 2>&1 &`;
    unwrap(await shell.run(job));
    await waitForRecords(heard, until);
  },
  judge: judgeRecordsOf,
};

const firstBoot: Scenario = {
  name: 'first-boot',
  base: (bench) => newStick(bench, 4 * GIB),
  act: (base) => async (machine) => {
    const { shell } = unwrap(await reachLogin(machine, base.password));
    unwrap(await shell.run(UNTIL_GROWN, { timeLimitMs: GROWTH_TIME_LIMIT_MS }));
  },
  lastWord: UNTIL_GROWN,
  judge: judgeFirstBoot,
};

export const SCENARIOS: readonly Scenario[] = [records, firstBoot];
