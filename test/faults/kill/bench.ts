import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';
import { findPoints, type Point } from './points.ts';
import { BUILD, COLLECT, type Command, type Ended, type Place, run, runWatched } from './program.ts';
import { type Snapshot, snapshot } from './snapshot.ts';
import { writeToys } from './toys.ts';

/** What a run may find when it starts. */
export type SceneName = 'fresh' | 'grown' | 'built';

/** What is run and killed in each scene; where all is built, it is garbage collection, down to nothing. */
const COMMANDS: Readonly<Record<SceneName, Command>> = { fresh: BUILD, grown: BUILD, built: COLLECT };

/** A place to start from, and what an uninterrupted run makes of it. */
export type Scene = {
  readonly name: SceneName;
  readonly command: Command;
  readonly points: readonly Point[];
  /** After the build that follows the command, or is it. */
  readonly expected: Snapshot;
  readonly expectedEvents: Ended['events'];
};

/** The folders of the test; gone with the scope. */
export type Bench = AsyncDisposable & {
  readonly root: HostPath;
  /** Where every run of the program lies: always the same path, since the record of an image has it. */
  readonly place: Place;
  readonly scenes: readonly Scene[];
  /** Puts the place into the state that a scene starts from. */
  reset(name: SceneName): Promise<void>;
};

/** Makes the scenes, and finds their points by one watched run of each. */
export async function openBench(names: readonly SceneName[]): Promise<Bench> {
  // A store grows; /tmp may be memory.
  const root = await mkdtemp(join(process.env['TMPDIR'] ?? '/var/tmp', 'blazeneuro-kill-'));
  const place = {
    folder: join(root, 'run'),
    overlay: join(root, 'overlay'),
    compiled: join(root, 'compiled'),
  };
  const reset = async (name: SceneName): Promise<void> => {
    await rm(place.folder, { recursive: true, force: true });
    execFileSync('cp', ['-a', '--reflink=auto', '--sparse=always', join(root, name), place.folder]);
  };
  try {
    await makeFresh(join(root, 'fresh'));
    await makeGrown(place, reset, join(root, 'grown'));
    await writeToys(place.overlay);
    if (names.includes('built')) await makeBuilt(place, reset, join(root, 'built'));
    const scenes: Scene[] = [];
    for (const name of names) {
      await reset(name);
      scenes.push(await watch(name, place, root));
    }
    return {
      root,
      place,
      scenes,
      reset,
      [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
    };
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

/** Nothing is there yet. */
async function makeFresh(folder: HostPath): Promise<void> {
  for (const part of ['cwd', 'tmp']) await mkdir(join(folder, part), { recursive: true });
}

/** An image of other toys, a build that failed, keys that nobody wants any more, and what a killed run left. */
async function makeGrown(place: Place, reset: Bench['reset'], grown: HostPath): Promise<void> {
  await reset('fresh');
  await writeToys(place.overlay, { comment: 'another', text: 'wrong' });
  expectExit(await run(place, BUILD), 0);
  await writeToys(place.overlay, { comment: 'another', text: 'wrong', isBroken: true });
  expectExit(await run(place, BUILD), 1);
  const litter = join(place.folder, 'store/staging/run-litter/out/usr/closed');
  await mkdir(litter, { recursive: true });
  execFileSync('sh', ['-c', 'echo half > "$1/half"; chmod 500 "$1"', 'sh', litter]);
  execFileSync('cp', ['-a', '--reflink=auto', '--sparse=always', place.folder, grown]);
}

/** All is there: what is needed, and what nobody wants any more. */
async function makeBuilt(place: Place, reset: Bench['reset'], built: HostPath): Promise<void> {
  await reset('grown');
  expectExit(await run(place, BUILD), 0);
  execFileSync('cp', ['-a', '--reflink=auto', '--sparse=always', place.folder, built]);
}

async function watch(name: SceneName, place: Place, root: HostPath): Promise<Scene> {
  const log = join(root, `${name}.log`);
  const command = COMMANDS[name];
  const watched = await runWatched(place, command, log);
  expectExit(watched, 0);
  const points = findPoints(await readFile(log, 'utf8'), place.folder);
  const built = command === BUILD ? watched : await run(place, BUILD);
  expectExit(built, 0);
  return { name, command, points, expected: await snapshot(place.folder), expectedEvents: built.events };
}

function expectExit({ exitCode, stderr }: Ended, expected: number): void {
  if (exitCode !== expected) throw new Error(`The build ended with ${exitCode}, not ${expected}: ${stderr}`);
}
