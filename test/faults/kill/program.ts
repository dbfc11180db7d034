import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { HostPath } from '#base';
import type { Event } from '#event';
import { PROJECT } from '../../rig.ts';
import { type Point, TRACED } from './points.ts';
import { PROFILE } from './toys.ts';

/** Where a run of the program lies: `store`, and `cwd` with `out` and `logs`. */
export type Place = { readonly folder: HostPath; readonly overlay: HostPath; readonly compiled: HostPath };

/** How a run of the program ended. */
export type Ended = {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly events: readonly Event[];
};

/** A command of the program, and what it is given. */
export type Command = readonly string[];

/** Everything up to the image. */
export const BUILD: Command = ['build'];

/** Removes all that the store can make again. */
export const COLLECT: Command = ['gc', '--max-size', '1K'];

/** Runs a command, with nobody in its way. */
export function run(place: Place, command: Command): Promise<Ended> {
  return runProgram(place, [], command);
}

/** Runs it under strace, which writes down its calls, and those of no program that it starts. */
export function runWatched(place: Place, command: Command, log: HostPath): Promise<Ended> {
  return runProgram(place, [...STRACE, '-y', '-s', '0', '-o', log, '-e', TRACED], command);
}

/** Runs it until it comes to the point, where the kernel kills it before the call is made. */
export function runKilledAt(place: Place, command: Command, { call, nth }: Point): Promise<Ended> {
  const kill = `inject=${call}:signal=SIGKILL:when=${nth}`;
  return runProgram(place, [...STRACE, '-o', '/dev/null', '-e', `trace=${call}`, '-e', kill], command);
}

/** All threads of Node, but not what it starts: those are let go of when they become another program. */
const STRACE = ['strace', '-f', '--detach-on=execve', '-qq'];

async function runProgram(place: Place, before: readonly string[], command: Command): Promise<Ended> {
  const node = [join(PROJECT, 'node_modules/.bin/node'), join(PROJECT, 'src/cli/main.ts')];
  const flags = ['--config', place.overlay, '--profile', PROFILE, '--jobs', '2', '--json'];
  const [program = '', ...argv] = [...before, ...node, ...flags, ...command];
  const child = spawn(program, argv, {
    cwd: join(place.folder, 'cwd'),
    env: {
      PATH: process.env['PATH'],
      HOME: place.folder,
      TMPDIR: join(place.folder, 'tmp'),
      BLAZENEURO_STORE: join(place.folder, 'store'),
      NODE_COMPILE_CACHE: place.compiled,
      // One thread does all work on files, so that its calls come in nearly the same order each time.
      UV_THREADPOOL_SIZE: '1',
      NO_COLOR: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...how) => resolve(how));
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode, signal] = await ended;
  return { exitCode, signal, stderr, events: eventsIn(stdout) };
}

/** A killed run may leave half a line. */
function eventsIn(stdout: string): Event[] {
  const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1).split('\n');
  return whole.filter((line) => line !== '').map((line) => JSON.parse(line) as Event);
}
