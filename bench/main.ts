import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodeOf, type Problem, ProblemError } from '#base';
import { removeTree } from '#store';
import { describeMachine } from './machine.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { measureOtherLoad } from './processor-time.ts';
import { forgetOlder, isDisturbed, keepResult, type ResultFile, type Sample } from './result.ts';
import type { BenchContext, Row } from './row.ts';
import { ROWS } from './rows.ts';
import { checkoutItself, describeProgram, takeSnapshot } from './snapshot.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const options = readOptions(words);
  if (!options.ok) return report(options.problem);
  const row = ROWS.find(({ name }) => name === options.value.row);
  if (row === undefined) throw new Error(`No row ${options.value.row}`);
  try {
    await measure(row, options.value);
    return 0;
  } catch (error) {
    if (error instanceof ProblemError) return report(error.problem);
    throw error;
  }
}

async function measure(row: Row, options: BenchOptions): Promise<void> {
  const folder = join(options.folder, row.name);
  if (!options.goesOn) await removeTree(folder);
  await mkdir(folder, { recursive: true });
  let result = await emptyResult(row, options);
  if (isDisturbed(result)) {
    say(
      `Others keep ${result.otherLoadPercent} % of the machine busy: these figures will count as disturbed.`,
    );
  }
  const samples = new Map<string, Sample>();
  const context: BenchContext = {
    options,
    folder,
    signal: stopOnSignals(),
    say,
    put: async (name, sample) => {
      samples.set(name, sample);
      result = { ...result, samples: [...samples.values()] };
      if (!options.isTrial) await keepResult(result);
    },
    set: (facts) => {
      result = { ...result, ...facts, options: { ...result.options, ...facts.options } };
    },
    // A quick one only shows that it works: the checkout itself will do.
    snapshot: async () =>
      options.isQuick ? await checkoutItself() : await takeSnapshot(join(folder, 'snapshot'), options),
  };
  try {
    await row.measure(context);
  } finally {
    if (samples.size > 0) process.stdout.write(`${row.tables([result])}\n`);
  }
  if (samples.size === 0 || options.isTrial) return;
  if (options.isFresh) await forgetOlder(result);
  say(`Kept in bench/results/${row.name}. Write the page anew with: npm run bench:report`);
}

async function emptyResult(row: Row, options: BenchOptions): Promise<ResultFile> {
  return {
    row: row.name,
    startedAt: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    program: await describeProgram(),
    machine: await describeMachine(row.peers),
    options: { jobs: options.jobs, nice: options.nice },
    otherLoadPercent: Math.round((await measureOtherLoad(options.isQuick ? 100 : 3000)) * 10) / 10,
    samples: [],
  };
}

/** What is measured is stopped, and what is known by then is kept. */
function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      say('Stopping; what is known is kept. Go on with --continue.');
      stop.abort();
    });
  }
  return stop.signal;
}

function report(problem: Problem): number {
  say(problem.message);
  for (const line of problem.details ?? []) say(`  ${line}`);
  if (problem.hint !== undefined) say(problem.hint);
  return exitCodeOf(problem.kind);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
