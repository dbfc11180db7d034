import { closeSync, openSync } from 'node:fs';
import type { LiveProgram, Program } from './program.ts';

/** One stream in the words of execa: a kind of connection, a descriptor of ours, or bytes to be read. */
type Connection = 'pipe' | 'ignore' | 'inherit' | number | Uint8Array;

/** How a program's descriptors are connected, and the files that were opened for that. */
export type Stdio = {
  readonly connections: readonly Connection[];
  /** Which of stdout and stderr are kept in the result. */
  readonly captures: { readonly stdout: boolean; readonly stderr: boolean };
  /** Stderr goes into the same capture as stdout. */
  readonly mixed: boolean;
  /** To be closed as soon as the program has been started: it has its own copies then. */
  readonly close: () => void;
};

/** Opens what a program's streams name; throws the system's error when a file cannot be opened. */
export function openStdio(program: Program | LiveProgram): Stdio {
  const opened: number[] = [];
  const openFile = (path: string, flags: string): number => {
    const fd = openSync(path, flags, 0o644);
    opened.push(fd);
    return fd;
  };
  const close = () => {
    for (const fd of opened.splice(0)) closeSync(fd);
  };
  try {
    const stdin = connectInput(program.stdin ?? 'ignore', openFile);
    const stdout = connectOutput(program.stdout ?? 'capture', openFile);
    const asStdout = program.stderr === 'as-stdout';
    const stderr = asStdout ? stdout : connectOutput(program.stderr as OutputChoice, openFile);
    const extraPipes = 'extraPipes' in program ? (program.extraPipes ?? 0) : 0;
    return {
      connections: [
        stdin,
        stdout,
        // Our own stdout, not our stderr, is meant when stderr follows an inherited stdout.
        asStdout && stdout === 'inherit' ? 1 : stderr,
        ...(program.extraFds ?? []),
        ...Array.from({ length: extraPipes }, () => 'pipe' as const),
      ],
      captures: {
        stdout: (program.stdout ?? 'capture') === 'capture',
        stderr: asStdout
          ? (program.stdout ?? 'capture') === 'capture'
          : (program.stderr ?? 'capture') === 'capture',
      },
      mixed: asStdout && (program.stdout ?? 'capture') === 'capture',
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

type OpenByPath = (path: string, flags: string) => number;
type OutputChoice = LiveProgram['stdout'];

function connectInput(stdin: NonNullable<LiveProgram['stdin']>, openFile: OpenByPath): Connection {
  if (typeof stdin === 'string') return stdin;
  if ('fd' in stdin) return stdin.fd;
  if ('path' in stdin) return openFile(stdin.path, 'r');
  return typeof stdin.text === 'string' ? Buffer.from(stdin.text) : stdin.text;
}

function connectOutput(output: OutputChoice, openFile: OpenByPath): Connection {
  if (output === undefined || output === 'capture') return 'pipe';
  if (typeof output === 'string') return output;
  if ('fd' in output) return output.fd;
  return openFile(output.path, output.append === true ? 'a' : 'w');
}
