import { readFile } from 'node:fs/promises';
import { isErrno } from '#base';
import { type Output, type ProgramResult, readLines, startProgram } from '#process';
import { type ControlGroup, openControlGroup } from './control-group.ts';
import { sizeOfBusyTree, usedBytes } from './disk-use.ts';
import { busyPercent, type ProcessorTime, readProcessorTime } from './processor-time.ts';

/** What to run, and how to look on. */
export type Measured = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stderr: Output;
  readonly signal: AbortSignal;
  /** This folder is watched, and its file system. */
  readonly diskFolder: string;
  /** Most memory for the program and all that it starts; needs control groups. */
  readonly memoryLimitBytes?: number;
  /** Each line of stdout, with the milliseconds since the start. */
  readonly onLine: (line: string, atMs: number) => void;
  /** How often it is looked at. Default: every second. */
  readonly everyMs?: number;
};

/** What a program took. */
export type Taken = {
  readonly result: ProgramResult;
  readonly wallMs: number;
  /** User and system time of it and all that it started. */
  readonly cpuMs: number;
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

/** Runs a program to its end and watches it; where the machine has control groups, all that it starts counts. */
export async function runMeasured(measured: Measured): Promise<Taken> {
  await using group = await openControlGroup(measured.memoryLimitBytes);
  if (group === undefined && measured.memoryLimitBytes !== undefined) {
    throw new Error('A limit of memory needs control groups of version 1, and root');
  }
  const watcher = await startWatching(measured.diskFolder, group);
  const startedAtMs = performance.now();
  const program = startProgram({
    argv: [...(group?.enter ?? []), ...measured.argv],
    env: measured.env,
    cwd: measured.cwd,
    stdout: 'pipe',
    stderr: measured.stderr,
    signal: measured.signal,
    graceMs: 60_000,
    dieWithUs: true,
  });
  const timer = setInterval(() => void watcher.look(program.pid), measured.everyMs ?? 1000);
  for await (const line of readLines(program.stdout)) measured.onLine(line, performance.now() - startedAtMs);
  const result = await program.ended;
  clearInterval(timer);
  const wallMs = performance.now() - startedAtMs;
  const seen = await watcher.finish();
  return { ...seen, result, wallMs, cpuMs: (await group?.cpuMs()) ?? result.cpuMs };
}

type Watcher = {
  look(pid: number | undefined): Promise<void>;
  finish(): Promise<Omit<Taken, 'result' | 'wallMs' | 'cpuMs'>>;
};

async function startWatching(diskFolder: string, group: ControlGroup | undefined): Promise<Watcher> {
  const start = await readProcessorTime();
  const busyPercents: number[] = [];
  const tree = countTree(diskFolder);
  let bin = { at: performance.now(), time: start };
  let [peakUsedBytes, peakProgramBytes, peakOwnBytes] = [await usedBytes(diskFolder), 0, 0];
  const closeBin = (time: ProcessorTime): void => {
    busyPercents.push(Math.round(busyPercent(bin.time, time)));
    bin = { at: performance.now(), time };
  };
  return {
    look: async (pid) => {
      peakUsedBytes = Math.max(peakUsedBytes, await usedBytes(diskFolder));
      peakProgramBytes = Math.max(peakProgramBytes, (await group?.programBytes()) ?? 0);
      peakOwnBytes = Math.max(peakOwnBytes, await peakOf(pid));
      tree.look();
      if (performance.now() - bin.at >= BIN_MS) closeBin(await readProcessorTime());
    },
    finish: async () => {
      const end = await readProcessorTime();
      closeBin(end);
      return {
        machineBusyMs: end.busyMs - start.busyMs,
        machineOtherMs: end.otherMs - start.otherMs,
        busyPercents,
        peakTreeBytes: await tree.finish(),
        peakUsedBytes: Math.max(peakUsedBytes, await usedBytes(diskFolder)),
        ...(group === undefined ? {} : { peakProgramBytes, peakMemoryBytes: await group.peakBytes() }),
        peakOwnBytes,
      };
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
