import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '#base';
import { ROW_NAMES, type RowName } from './result.ts';

/** What an invocation asks for. */
export type BenchOptions = {
  readonly row: RowName;
  /** Runs of each contestant; undefined: what the row asks for. */
  readonly runs: number | undefined;
  /** Everything of the bench lies below. */
  readonly folder: string;
  readonly isQuick: boolean;
  /** Contestants; none named means all. */
  readonly only: readonly string[];
  readonly targets: readonly string[];
  /** Stages that are built anew on top of what a whole store has before them, and nothing else. */
  readonly again: readonly string[];
  readonly jobs: number;
  readonly nice: number;
  readonly memoryLimitBytes: number | undefined;
  /** Goes on in the folder of an interrupted run. */
  readonly goesOn: boolean;
  /** The row's earlier results give way. */
  readonly isFresh: boolean;
  /** Leaves no result behind. */
  readonly isTrial: boolean;
  /** The commit to measure; undefined: the checkout as it is, with its edits. */
  readonly revision: string | undefined;
  /** The store that sources (p1) and artifacts (p3) are copied from; never written to. */
  readonly from: string;
};

/** How to call it. */
export const USAGE = `npm run bench -- ROW [flags]      ROW: ${ROW_NAMES.join(', ')}
  --runs N         runs of each contestant
  --store DIR      folder for stores and work (default: below the system's folder for temporary files)
  --from DIR       the store that sources and artifacts are copied from (default: the program's own)
  --revision REV   measure this commit instead of the checkout as it is
  --quick          a small version, to see that it works; keeps no result
  --only NAME,…    these contestants only
  --targets T,…    p1, p10: build these instead of the image
  --again T,…      p1: build these stages anew, on top of what the store has before them
  --continue       p1, p10: go on where an interrupted run stopped
  --jobs N         compilers at once (default: all cores)
  --nice N         niceness of what is measured (default: ours)
  --memory SIZE    p10: limit of memory, as 2G
  --fresh          the row's earlier results are removed
  --trial          keeps no result
npm run bench:report              writes docs/performance.md from what is kept in bench/results`;

/** Reads the words of a command line. Problem: wrong usage. */
export function readOptions(words: readonly string[]): Result<BenchOptions> {
  try {
    return parse(words);
  } catch (error) {
    // What parseArgs throws is what a person mistyped.
    if (error instanceof TypeError) return wrongUsage(error.message);
    throw error;
  }
}

function parse(words: readonly string[]): Result<BenchOptions> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      ...{
        runs: text,
        store: text,
        from: text,
        only: text,
        targets: text,
        again: text,
        jobs: text,
        nice: text,
        memory: text,
      },
      ...{ revision: text, quick: flag, continue: flag, fresh: flag, trial: flag },
    },
  });
  const row = ROW_NAMES.find((name) => name === positionals[0]);
  if (row === undefined || positionals.length > 1) return wrongUsage('Name one row');
  const numbers = [values.runs, values.jobs, values.nice].filter((value) => value !== undefined);
  const wrong = numbers.find((value) => !/^\d+$/.test(value));
  if (wrong !== undefined) return wrongUsage(`${wrong} is no number`);
  const memory = values.memory === undefined ? undefined : parseSize(values.memory);
  if (Number.isNaN(memory)) return wrongUsage(`${values.memory} is no size, as 2G is`);
  return ok({
    row,
    runs: values.runs === undefined ? undefined : Number(values.runs),
    folder: resolve(values.store ?? join(tmpdir(), 'blazeneuro-bench')),
    isQuick: values.quick,
    only: values.only?.split(',') ?? [],
    targets: values.targets?.split(',') ?? [],
    again: values.again?.split(',') ?? [],
    jobs: Number(values.jobs ?? availableParallelism()),
    nice: Number(values.nice ?? 0),
    memoryLimitBytes: memory,
    goesOn: values.continue,
    isFresh: values.fresh,
    isTrial: values.trial || values.quick,
    revision: values.revision,
    from: resolve(values.from ?? defaultStore()),
  });
}

/** As the program itself finds it. */
function defaultStore(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? '/', '.cache');
  return process.env['BLAZENEURO_STORE'] ?? join(cache, 'blazeneuro');
}

/** `512M`, `2G`; NaN for what is no size. */
function parseSize(text: string): number {
  const [, digits, unit] = /^(\d+)([MG])$/.exec(text) ?? [];
  return Number(digits ?? 'no') * (unit === 'G' ? 2 ** 30 : 2 ** 20);
}

function wrongUsage(message: string): Result<never> {
  return fail({ kind: 'wrong-usage', subject: 'bench', message, hint: USAGE });
}
