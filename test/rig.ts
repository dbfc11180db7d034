import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Event } from '#event';

export const PROJECT = join(import.meta.dirname, '..');

/** How one run of the program ended. */
export type Run = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** With `--json`: what stdout said. */
  readonly events: readonly Event[];
};

/** A run that goes on beside the test. */
export type LiveRun = { readonly child: ChildProcess; readonly ended: Promise<Run> };

/** The real program over an empty store, in a working folder of its own; all of it is gone with the scope. */
export type Rig = AsyncDisposable & {
  /** Everything of the rig lies below. */
  readonly folder: string;
  readonly store: string;
  /** Where the program runs; `out` and `logs` appear here. */
  readonly cwd: string;
  /** An overlay folder, for `--config`. */
  readonly overlay: string;
  /** Writes a file of the overlay. */
  write(path: string, content: string): Promise<void>;
  run(...words: string[]): Promise<Run>;
  start(...words: string[]): LiveRun;
  /** A file below the working folder. */
  read(path: string): Promise<string>;
};

export async function openRig(): Promise<Rig> {
  // A store grows; /tmp may be memory.
  const folder = await mkdtemp(join(process.env['TMPDIR'] ?? '/var/tmp', 'blazeneuro-rig-'));
  const [store, cwd, overlay] = [join(folder, 'store'), join(folder, 'cwd'), join(folder, 'overlay')];
  for (const one of [cwd, overlay]) await mkdir(one);
  const start = (...words: string[]): LiveRun => {
    const child = spawn(join(PROJECT, 'blazeneuro'), words, {
      cwd,
      env: { ...process.env, BLAZENEURO_STORE: store, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { child, ended: endOf(child, words.includes('--json')) };
  };
  return {
    folder,
    store,
    cwd,
    overlay,
    write: async (path, content) => {
      await mkdir(dirname(join(overlay, path)), { recursive: true });
      await writeFile(join(overlay, path), content);
    },
    run: (...words) => start(...words).ended,
    start,
    read: (path) => readFile(join(cwd, path), 'utf8'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function endOf(child: ChildProcess, json: boolean): Promise<Run> {
  if (child.stdout === null || child.stderr === null)
    throw new Error('The program was started without pipes');
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve(exitCode));
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const exitCode = await closed;
  const lines = json ? stdout.trimEnd().split('\n') : [];
  return { exitCode, stdout, stderr, events: lines.filter((line) => line !== '').map(parseEvent) };
}

function parseEvent(line: string): Event {
  return JSON.parse(line) as Event;
}

/** How each build of the plan ended, in a run with `--json`. */
export function outcomes(run: Run): Record<string, string> {
  return Object.fromEntries(
    run.events.flatMap((event) =>
      event.type === 'action-finished' ? [[event.build, event.outcome] as const] : [],
    ),
  );
}

/** The event of a kind that a run said last; a test's failure when it said none. */
export function lastEvent<Type extends Event['type']>(run: Run, type: Type): Extract<Event, { type: Type }> {
  const found = run.events.findLast((event) => event.type === type);
  if (found === undefined) throw new Error(`No event ${type}. Exit code ${run.exitCode}.\n${run.stderr}`);
  return found as Extract<Event, { type: Type }>;
}
