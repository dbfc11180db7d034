import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDuration, isErrno, ProblemError } from '#base';
import { sizeOfTree, usedBytes } from '../disk-use.ts';
import { type Follower, followBuilds } from '../follow-builds.ts';
import { runMeasured, type Taken } from '../measured-program.ts';
import { failureOf, programEnv } from '../program.ts';
import type { Sample } from '../result.ts';
import type { BenchContext } from '../row.ts';

/** One cold build by one contestant. */
export type BuildRun = {
  readonly arm: string;
  /** Holds its store and its working folder. */
  readonly folder: string;
  readonly checkout: string;
  /** The command line, after the program's name. */
  readonly words: readonly string[];
  readonly targets: readonly string[];
  readonly again: readonly string[];
};

/** Measures a build, and keeps what is known after each of its builds; an interrupted one is kept as it is. */
export async function runBuild(run: BuildRun, context: BenchContext): Promise<void> {
  const id = await runIdOf(run.folder);
  const usedAtStart = await usedBytes(run.folder);
  const follower = followBuilds();
  const keep = (complete: boolean, more: Partial<Sample>): Promise<void> => {
    const { arm, targets, again } = run;
    const built = again.length === 0 ? { targets } : { targets, again };
    const sample = { arm, run: id, ...built, complete, figures: {}, ...more, builds: [...follower.builds] };
    return context.put(`${run.arm} ${id}`, sample);
  };
  const taken = await runProgram(run, follower, context, (wallMs) => keep(false, { figures: { wallMs } }));
  const { busyPercents } = taken;
  const figures = figuresOf(taken, usedAtStart);
  await keep(false, { figures, busyPercents });
  if (!taken.result.succeeded) throw await failure(taken, run);
  const storeBytes = await sizeOfTree(join(run.folder, 'store'));
  await keep(true, { figures: { ...figures, storeBytes }, busyPercents });
  if (run.targets.includes('image') || run.again.length > 0)
    await writeFile(join(run.folder, 'complete'), id);
}

async function runProgram(
  run: BuildRun,
  follower: Follower,
  { options, signal, say }: BenchContext,
  keep: (wallMs: number) => Promise<void>,
): Promise<Taken> {
  await using stderr = await open(join(run.folder, 'stderr.log'), 'w');
  const niceness = options.nice === 0 ? [] : ['nice', '-n', String(options.nice)];
  const program = join(run.checkout, 'blazeneuro');
  let kept = Promise.resolve();
  const taken = await runMeasured({
    argv: [...niceness, program, ...run.words, '--json', '--jobs', String(options.jobs)],
    env: programEnv(join(run.folder, 'store')),
    cwd: join(run.folder, 'cwd'),
    stderr: { fd: stderr.fd },
    signal,
    diskFolder: run.folder,
    ...(options.memoryLimitBytes === undefined ? {} : { memoryLimitBytes: options.memoryLimitBytes }),
    onLine: (line, atMs) => {
      const built = follower.take(line, atMs);
      if (built === undefined) return;
      say(`${run.arm}: ${built}, ${follower.builds.length} built after ${formatDuration(atMs)}`);
      kept = kept.then(() => keep(Math.round(atMs)));
    },
  });
  await kept;
  return taken;
}

function figuresOf(taken: Taken, usedAtStart: number): Record<string, number> {
  const { peakProgramBytes, peakMemoryBytes, peakOwnBytes, peakTreeBytes } = taken;
  const times = ['wallMs', 'cpuMs', 'machineBusyMs', 'machineOtherMs'] as const;
  return {
    ...Object.fromEntries(times.map((name) => [name, Math.round(taken[name])])),
    peakDiskBytes: peakTreeBytes,
    peakGrowthBytes: taken.peakUsedBytes - usedAtStart,
    ...(peakProgramBytes === undefined ? {} : { peakProgramBytes }),
    ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
    peakOwnBytes,
  };
}

async function failure(taken: Taken, run: BuildRun): Promise<ProblemError> {
  const stderr = await readFile(join(run.folder, 'stderr.log'), 'utf8');
  return new ProblemError(failureOf({ ...taken.result, stderr }, run.words.join(' ')));
}

/** The run that a folder belongs to; when it goes on after an interruption it is still the same. */
async function runIdOf(folder: string): Promise<string> {
  const path = join(folder, 'run');
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    const id = new Date().toISOString();
    await writeFile(path, id);
    return id;
  }
}
