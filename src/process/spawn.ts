import { createRequire } from 'node:module';
import type { Result as ExecaResult } from 'execa';
import { isErrno } from '#base';
import { takeCpuMsOfEndedChild } from './cpu-time.ts';
import type { LiveProgram, Program, ProgramOutcome, ProgramResult } from './program.ts';
import { quoteArgv } from './quote-argv.ts';
import { openStdio, type Stdio } from './stdio.ts';

const requireModule = createRequire(import.meta.url);

const DEFAULT_GRACE_MS = 5000;
const DEFAULT_CAPTURE_LIMIT_BYTES = 64 * 1024 * 1024;

/** A program that was started, or could not be: then only `ended` says so. */
export type Spawned = {
  readonly pid: number | undefined;
  readonly streams: readonly unknown[];
  readonly ended: Promise<ProgramResult>;
  readonly stop: () => void;
};

/** The fields of execa's result that we read; its own type depends on the options, down to each stream. */
type ExecaEnd = Pick<ExecaResult, 'isCanceled' | 'timedOut' | 'isMaxBuffer' | 'durationMs'> & {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
  readonly cause?: unknown;
  readonly message?: string | undefined;
  readonly stdout?: unknown;
  readonly stderr?: unknown;
};

/** Starts a program; the one place that knows execa. */
export function spawnProgram(program: Program | LiveProgram): Spawned {
  const stdio = openStdio(program);
  const stopper = new AbortController();
  const [file = '', ...words] = program.dieWithUs === true ? dyingWithUs(program.argv) : program.argv;
  const child = loadExeca().execa(file, words, executionOptions(program, stdio, stopper.signal));
  stdio.close();
  let cpuMs = 0;
  child.nodeChildProcess.once('exit', () => {
    cpuMs = takeCpuMsOfEndedChild();
    // What it left in the background could hold our pipes open, and nobody else would ever end it.
    if (program.foreground !== true && child.pid !== undefined) killGroup(child.pid);
  });
  return {
    pid: child.pid,
    streams: child.stdio,
    ended: child.then((end) => describeEnd(program, end, stdio.mixed ? end.all : end.stdout, cpuMs)),
    stop: () => stopper.abort(),
  };
}

/** Loaded with the first program: its 140 modules take as long as all of ours, and a no-op build starts none. */
function loadExeca(): typeof import('execa') {
  return requireModule('execa');
}

/**
 * setpriv asks the kernel for a SIGKILL at our death, which nothing in Node can ask for, and becomes the program. The
 * kernel tells of no death before it was asked: whoever has another parent by then has lost us already.
 */
function dyingWithUs(argv: readonly string[]): readonly string[] {
  const unlessAlone = '[ "$PPID" = "$0" ] || exit 1; exec "$@"';
  return ['setpriv', '--pdeathsig', 'KILL', '--', '/bin/sh', '-c', unlessAlone, String(process.pid), ...argv];
}

function executionOptions(program: Program | LiveProgram, stdio: Stdio, stopSignal: AbortSignal) {
  const limit = program.captureLimitBytes ?? DEFAULT_CAPTURE_LIMIT_BYTES;
  return {
    env: { ...program.env },
    extendEnv: false,
    ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
    // The types of execa allow the descriptors 3 to 9 only; its code takes any.
    stdio: stdio.connections as unknown as ['pipe', 'pipe', 'pipe'],
    buffer: { stdout: stdio.captures.stdout, stderr: stdio.captures.stderr, all: stdio.mixed },
    all: stdio.mixed,
    maxBuffer: limit,
    stripFinalNewline: false,
    reject: false,
    killDescendants: program.foreground !== true,
    forceKillAfterDelay: program.graceMs ?? DEFAULT_GRACE_MS,
    cancelSignal: program.signal === undefined ? stopSignal : AbortSignal.any([program.signal, stopSignal]),
    ...(program.timeLimitMs === undefined ? {} : { timeout: program.timeLimitMs }),
  };
}

function killGroup(groupId: number): void {
  try {
    process.kill(-groupId, 'SIGKILL');
  } catch (error) {
    // Nobody is left in it, as it should be.
    if (!isErrno(error, 'ESRCH')) throw error;
  }
}

function describeEnd(
  program: Program | LiveProgram,
  end: ExecaEnd,
  stdout: unknown,
  cpuMs: number,
): ProgramResult {
  const outcome = outcomeOf(end);
  // A program that reacted to our signal by exiting was ended by us all the same: its exit code means nothing.
  const exitCode = outcome === 'exited' ? end.exitCode : undefined;
  return {
    argv: program.argv,
    commandLine: quoteArgv(program.argv),
    outcome,
    succeeded: outcome === 'exited' && end.exitCode === 0,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(end.signal === undefined ? {} : { signalName: end.signal }),
    ...(outcome === 'not-started' && end.code !== undefined ? { errorCode: end.code } : {}),
    stdout: textOf(stdout),
    stderr: program.stderr === 'as-stdout' ? '' : textOf(end.stderr),
    durationMs: Math.round(end.durationMs),
    cpuMs,
  };
}

function outcomeOf(end: ExecaEnd): ProgramOutcome {
  if (end.isCanceled) return 'cancelled';
  if (end.timedOut) return 'timed-out';
  if (end.isMaxBuffer) return 'too-much-output';
  if (end.signal !== undefined) return 'killed';
  if (end.exitCode !== undefined) return 'exited';
  if (end.code !== undefined) return 'not-started';
  // Neither ended nor kept from starting: execa was given what it does not understand.
  throw end.cause ?? new Error(end.message);
}

function textOf(output: unknown): string {
  return typeof output === 'string' ? output : '';
}
