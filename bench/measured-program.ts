import { type Output, type ProgramResult, readLines, startProgram } from '#process';
import { openControlGroup } from './control-group.ts';
import { type Seen, startWatching } from './watch.ts';

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
export type Taken = Seen & {
  readonly result: ProgramResult;
  readonly wallMs: number;
  /** User and system time of it and all that it started. */
  readonly cpuMs: number;
};

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
  let looking = Promise.resolve();
  const look = (): void => {
    looking = looking.then(() => watcher.look(program.pid));
  };
  const timer = setInterval(look, measured.everyMs ?? 1000);
  for await (const line of readLines(program.stdout)) measured.onLine(line, performance.now() - startedAtMs);
  const result = await program.ended;
  clearInterval(timer);
  const wallMs = performance.now() - startedAtMs;
  await looking;
  const seen = await watcher.finish();
  return { ...seen, result, wallMs, cpuMs: (await group?.cpuMs()) ?? result.cpuMs };
}
