import { createInterface } from 'node:readline';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { LiveProgram, ProgramResult } from './program.ts';
import { quoteArgv } from './quote-argv.ts';
import { spawnProgram } from './spawn.ts';

/** A program that is running, or has ended meanwhile. */
export type RunningProgram = {
  /** Undefined when it could not be started; `ended` says why. */
  readonly pid: number | undefined;
  /** The argv, quoted for a shell. */
  readonly commandLine: string;
  /** How it ended, once it has. */
  readonly ended: Promise<ProgramResult>;
  /** Its stdin, for a program that was started with `stdin: 'pipe'`. */
  readonly stdin: Writable;
  /** Its stdout, for a program that was started with `stdout: 'pipe'`. */
  readonly stdout: Readable;
  /** Its stderr, for a program that was started with `stderr: 'pipe'`. */
  readonly stderr: Readable;
  /** Our end of its descriptor `fd`, for the extra pipes. */
  pipe(fd: number): Duplex;
  /** Ends it and all of its group: SIGTERM, and SIGKILL after the grace time. */
  stop(): Promise<ProgramResult>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Starts a program that goes on beside us; `await using` ends it with the scope. */
export function startProgram(program: LiveProgram): RunningProgram {
  const spawned = spawnProgram(program);
  const stop = async () => {
    spawned.stop();
    return await spawned.ended;
  };
  return {
    pid: spawned.pid,
    commandLine: quoteArgv(program.argv),
    ended: spawned.ended,
    get stdin() {
      return pipeOf<Writable>(spawned.streams, 0);
    },
    get stdout() {
      return pipeOf<Readable>(spawned.streams, 1);
    },
    get stderr() {
      return pipeOf<Readable>(spawned.streams, 2);
    },
    pipe: (fd) => pipeOf<Duplex>(spawned.streams, fd),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

/** The lines of a stream as they come; a last one without its newline counts. */
export function readLines(stream: Readable): AsyncIterable<string> {
  return createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
}

function pipeOf<Kind>(streams: readonly unknown[], fd: number): Kind {
  const stream = streams[fd];
  if (stream === null || stream === undefined) throw new Error(`Descriptor ${fd} was not started as a pipe`);
  return stream as Kind;
}
