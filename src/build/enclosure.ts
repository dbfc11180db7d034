import { readFile, statfs } from 'node:fs/promises';
import { formatBytes, formatDuration, type HostPath, isErrno, type Problem } from '#base';
import type { ProgramResult } from '#process';
import { type MemoryGroup, openMemoryGroup, type SandboxLimits } from '#sandbox';
import type { ExecutionOptions } from './execution-options.ts';
import { type BuildLimits, defaultLimits } from './limits.ts';
import { noSpace } from './no-space.ts';
import type { Workplace } from './workplace.ts';

/** Of the disk with the store, builds leave so much to everybody else; of a small disk, a hundredth. */
const KEPT_FREE_BYTES = 256 * 1024 ** 2;
const KEPT_FREE_SHARE = 0.01;

const LOOK_AT_DISK_EVERY_MS = 1000;

/** What holds one build within its limits, from its first sandbox to the end of its last. */
export type Enclosure = AsyncDisposable & {
  readonly sandboxLimits: SandboxLimits;
  /** Ends a sandbox whose build has filled the disk. */
  readonly signal: AbortSignal;
  timeLeftMs(): number;
  /** The limit that a sandbox was ended for, or that made it fail; undefined when it was none. */
  exceeded(result: ProgramResult, phase: string): Promise<Problem | undefined>;
};

/** Opens the enclosure of a build; its time begins. */
export async function openEnclosure(
  build: string,
  { root, log }: Pick<Workplace, 'root' | 'log'>,
  options: Pick<ExecutionOptions, 'limits'>,
): Promise<Enclosure> {
  const limits = options.limits ?? defaultLimits();
  const startedAtMs = Date.now();
  const group = await openMemoryGroup(limits.memoryBytes);
  const endedBefore = await countEndedOnMachine();
  const disk = watchDisk(root);
  const about = { subject: build, place: log };
  return {
    sandboxLimits: {
      processes: limits.processes,
      fileBytes: limits.fileBytes,
      ...(group === undefined ? {} : { memoryGroup: group.folder }),
    },
    signal: disk.signal,
    timeLeftMs: () => Math.max(1, limits.timeMs - (Date.now() - startedAtMs)),
    exceeded: async (result, phase) => {
      if (disk.signal.aborted) {
        return noSpace(build, [`It was stopped in its phase ${phase}, when the disk was all but full.`]);
      }
      if (result.outcome === 'timed-out') return { ...about, ...timeLimit(build, phase, limits) };
      const ended = await memoryLimit(build, phase, limits, group, endedBefore);
      return ended === undefined ? undefined : { ...about, ...ended };
    },
    [Symbol.asyncDispose]: async () => {
      disk.stop();
      await group?.[Symbol.asyncDispose]();
    },
  };
}

type WhatAndHint = Pick<Problem, 'kind' | 'message' | 'hint'>;

function timeLimit(build: string, phase: string, { timeMs }: BuildLimits): WhatAndHint {
  return {
    kind: 'time-limit',
    message: `${build} was stopped in its phase ${phase}: it ran longer than its time limit, ${formatDuration(timeMs)}`,
    hint: `If it only is slow, give builds more time: BLAZENEURO_LIMITS=time=${Math.ceil(timeMs / 1800_000)}h`,
  };
}

/** Only the kernel's own count tells a process that was ended for want of memory from one that just failed. */
async function memoryLimit(
  build: string,
  phase: string,
  { memoryBytes }: BuildLimits,
  group: MemoryGroup | undefined,
  endedBefore: number,
): Promise<WhatAndHint | undefined> {
  const ended = (await group?.ended()) ?? 0;
  if (ended > 0) {
    return {
      kind: 'memory-limit',
      message: `${build} failed in its phase ${phase}: it used more memory than its limit, ${formatBytes(memoryBytes)}`,
      hint: 'If it only is large, run fewer compilers at once: --jobs 1, or raise the limit: BLAZENEURO_LIMITS=memory=…',
    };
  }
  if ((await countEndedOnMachine()) === endedBefore) return undefined;
  return {
    kind: 'memory-limit',
    message: `${build} failed in its phase ${phase}, and meanwhile the machine ran out of memory`,
    hint: 'Run fewer compilers at once: --jobs 1, or close other programs; then run the same command again',
  };
}

/** How many processes of this machine the kernel has ended for want of memory; 0 where it does not say. */
async function countEndedOnMachine(): Promise<number> {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(await readFile('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'EACCES')) return 0;
    throw error;
  }
}

/** Looks at a disk once a second, and aborts its signal when it is all but full. */
function watchDisk(folder: HostPath): { readonly signal: AbortSignal; stop(): void } {
  const full = new AbortController();
  const look = async () => {
    const { bavail, bsize, blocks } = await statfs(folder);
    if (bavail * bsize < Math.min(KEPT_FREE_BYTES, blocks * bsize * KEPT_FREE_SHARE)) full.abort();
  };
  const timer = setInterval(() => void look(), LOOK_AT_DISK_EVERY_MS).unref();
  return { signal: full.signal, stop: () => clearInterval(timer) };
}
