import { appendFile } from 'node:fs/promises';
import type { HostPath } from '#base';
import type { Bench } from './bench.ts';
import { openRecordings } from './recordings.ts';
import type { Scenario } from './scenario.ts';
import { type Trial, tryCrash } from './trial.ts';

/** Which crashes are tried, and how. */
export type TrialOptions = {
  readonly from: number;
  readonly count: number;
  readonly runs: number;
  readonly jobs: number;
  readonly throughFirmware: boolean;
  readonly isControl: boolean;
  readonly keeps: boolean;
  readonly results: HostPath;
};

/** Tries crashes, some side by side, and tells of each; true when all is as it should be. */
export async function tryAll(bench: Bench, scenario: Scenario, options: TrialOptions): Promise<boolean> {
  const { from, count, jobs } = options;
  const startedAt = performance.now();
  const recordings = openRecordings(bench, scenario, options.runs);
  const trials: Trial[] = [];
  let next = from;
  const work = async () => {
    while (next < from + count) {
      const number = next++;
      const trial = await tryCrash(await recordings.of(number), { number, bench, scenario, ...options });
      trials.push(trial);
      await appendFile(options.results, `${JSON.stringify(trial)}\n`);
      tell(trial, options);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));

  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  const violated = trials.filter(({ violations }) => violations.length > 0);
  const required = trials.reduce((sum, trial) => sum + trial.requiredCount, 0);
  const runs = new Set(trials.map(({ run }) => run)).size;
  const where = options.throughFirmware ? ', through firmware and loader' : '';
  console.log(
    `${scenario.name}: ${trials.length} crashes of ${runs} recorded runs${where}: ${violated.length} violations; ` +
      `${required} acknowledged records had to be there; ${minutes} min`,
  );
  return options.isControl ? foundAllLies(trials) : violated.length === 0;
}

/** Of a drive that lies, records must be found lost wherever it has lied about some. */
function foundAllLies(trials: readonly Trial[]): boolean {
  const lies = trials.filter(({ liedCount }) => liedCount > 0);
  const missed = lies.filter(({ violations }) => violations.length === 0);
  console.log(
    `control: ${lies.length} drives lied about records, and ${missed.length} of them were not found out`,
  );
  return lies.length > 0 && missed.length === 0;
}

function tell(trial: Trial, { isControl, throughFirmware }: TrialOptions): void {
  const { number, scenario, violations, durationMs } = trial;
  const seconds = (durationMs / 1000).toFixed(1);
  if (violations.length === 0) {
    console.log(`ok ${number} (${seconds} s, ${trial.requiredCount} records)`);
    return;
  }
  console.log(`${isControl ? 'found out' : 'VIOLATION'} ${number} (${seconds} s)`);
  for (const violation of violations.slice(0, 12)) console.log(`    ${violation}`);
  if (isControl) return;
  const firmware = throughFirmware ? ' --firmware' : '';
  console.log(
    `    again: npm run test:powercut -- --scenario ${scenario}${firmware} --from ${number} --count 1 --keep`,
  );
}
