import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { isErrno } from '#base';
import type { ControlGroup } from './control-group.ts';
import { sizeOfBusyTree, usedBytes } from './disk-use.ts';
import { readProcessorTime } from './processor-time.ts';

/** What was seen of a program while it ran. */
export type Seen = {
  /** All cores, whoever kept them busy. */
  readonly machineBusyMs: number;
  readonly machineOtherMs: number;
  readonly busyPercents: readonly number[];
  /** The most that was in use on the whole file system, by whomever; looked at every second. */
  readonly peakUsedBytes: number;
  /** The most that lay below the folder; counted every minute, since counting takes a moment. */
  readonly peakTreeBytes: number;
  /** Peaks of memory: of programs (looked at every second), with the cache of files, and of the first program alone. */
  readonly peakProgramBytes?: number;
  readonly peakMemoryBytes?: number;
  readonly peakOwnBytes: number;
};

const BIN_MS = 10_000;
const COUNT_EVERY_MS = 60_000;

/** Looks at a program from outside while it runs. */
export type Watcher = {
  look(pid: number | undefined): Promise<void>;
  finish(): Promise<Seen>;
};

/** Starts to watch: the machine's cores, a folder and its file system, and the memory of a group. */
export async function startWatching(diskFolder: string, group: ControlGroup | undefined): Promise<Watcher> {
  const start = await readProcessorTime();
  const tree = countTree(diskFolder);
  const bins = await countBusy(group);
  let [peakUsedBytes, peakProgramBytes, peakOwnBytes] = [await usedBytes(diskFolder), 0, 0];
  return {
    look: async (pid) => {
      peakUsedBytes = Math.max(peakUsedBytes, await usedBytes(diskFolder));
      peakProgramBytes = Math.max(peakProgramBytes, (await group?.programBytes()) ?? 0);
      peakOwnBytes = Math.max(peakOwnBytes, await peakOf(pid));
      tree.look();
      await bins.look();
    },
    finish: async () => {
      const end = await readProcessorTime();
      return {
        machineBusyMs: end.busyMs - start.busyMs,
        machineOtherMs: end.otherMs - start.otherMs,
        busyPercents: await bins.finish(),
        peakTreeBytes: await tree.finish(),
        peakUsedBytes: Math.max(peakUsedBytes, await usedBytes(diskFolder)),
        ...(group === undefined ? {} : { peakProgramBytes, peakMemoryBytes: await group.peakBytes() }),
        peakOwnBytes,
      };
    },
  };
}

/** How busy the cores were in each ten seconds: by the group alone where there is one, else by everybody. */
async function countBusy(group: ControlGroup | undefined) {
  const read = async () => ({
    atMs: performance.now(),
    busyMs: (await group?.cpuMs()) ?? (await readProcessorTime()).busyMs,
  });
  const percents: number[] = [];
  let last = await read();
  const close = async (): Promise<void> => {
    const now = await read();
    const allMs = (now.atMs - last.atMs) * availableParallelism();
    percents.push(Math.round((100 * (now.busyMs - last.busyMs)) / allMs));
    last = now;
  };
  return {
    look: async (): Promise<void> => {
      if (performance.now() - last.atMs >= BIN_MS) await close();
    },
    finish: async (): Promise<readonly number[]> => {
      await close();
      return percents;
    },
  };
}

/** Counts what lies below a folder once a minute, beside whoever looks, and once at the end. */
function countTree(folder: string): { look(): void; finish(): Promise<number> } {
  let peak = 0;
  let lastMs = performance.now();
  let counting: Promise<void> | undefined;
  const count = async (): Promise<void> => {
    peak = Math.max(peak, (await sizeOfBusyTree(folder)) ?? 0);
    counting = undefined;
    lastMs = performance.now();
  };
  return {
    look: () => {
      if (counting === undefined && performance.now() - lastMs >= COUNT_EVERY_MS) counting = count();
    },
    finish: async () => {
      await counting;
      await count();
      return peak;
    },
  };
}

/** The most memory that one process has had: the kernel keeps it (proc(5), VmHWM). */
async function peakOf(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0;
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch (error) {
    // It ended in the meantime.
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ESRCH')) return 0;
    throw error;
  }
}
