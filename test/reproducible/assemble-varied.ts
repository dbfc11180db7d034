import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';
import { runProgram } from '#process';
import { PROJECT } from '../rig.ts';
import type { AssemblyAnswer, AssemblyInputs, AssemblyRequest } from './image-request.ts';
import { CLOCK_LIBRARY, MEMORY_FOLDER } from './possible.ts';
import { whatFailed } from './seen.ts';
import { type Shown, surrounded } from './surround.ts';
import type { Surroundings } from './variation.ts';

/** What came of it: an image, or why there is none. */
type Outcome =
  | { readonly ok: true; readonly answer: AssemblyAnswer }
  | { readonly ok: false; readonly reasons: readonly string[] };

/** An image that was assembled in other surroundings; its folder is gone with the scope. */
export type VariedImage = AsyncDisposable & Outcome;

/** Assembles an image in other surroundings. */
export async function assembleVaried(
  inputs: AssemblyInputs,
  surroundings: Surroundings,
  parent: HostPath,
): Promise<VariedImage> {
  const base = await mkdtemp(join(surroundings.place === 'memory' ? MEMORY_FOLDER : parent, 'varied-'));
  const remove = (): Promise<void> => rm(base, { recursive: true, force: true });
  try {
    return { ...(await assembleIn(base, inputs, surroundings)), [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function assembleIn(
  base: HostPath,
  inputs: AssemblyInputs,
  surroundings: Surroundings,
): Promise<Outcome> {
  await chmod(base, 0o755);
  const work = join(base, surroundings.place === 'long-name' ? `${'long '.repeat(40)}näme` : 'work');
  const places = await layOutPlaces(base, work, inputs.artifactsFolder, surroundings);
  const request: AssemblyRequest = {
    ...inputs,
    artifactsFolder: places.artifacts,
    toolsFolder: surroundings.place === 'shuffled' ? inputs.artifactsFolder : places.artifacts,
    scratchFolder: join(work, 'scratch'),
    // What is shuffled is seen by the program alone.
    outFolder: join(surroundings.place === 'shuffled' ? base : work, 'out'),
    surroundings,
  };
  const requestPath = join(base, 'request.json');
  await writeFile(requestPath, JSON.stringify(request), { mode: 0o644 });
  await chmod(requestPath, 0o644);
  const start = surrounded(
    {
      argv: [
        ...clock(surroundings.clockDays),
        join(places.project, 'node_modules/.bin/node'),
        join(places.project, 'test/reproducible/assemble-again.ts'),
        requestPath,
      ],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    },
    surroundings,
    places.shown,
  );
  const startedAtSeconds = Date.now() / 1000;
  const result = await runProgram({ ...start, cwd: base, dieWithUs: true });
  if (!result.succeeded) return { ok: false, reasons: result.stderr.trimEnd().split('\n').slice(-10) };
  const answer = JSON.parse(result.stdout) as AssemblyAnswer;
  const failed = whatFailed(surroundings, answer.seen, startedAtSeconds);
  if (failed.length === 0) return { ok: true, answer };
  return { ok: false, reasons: [`These surroundings did not come about: ${failed.join(', ')}`] };
}

/**
 * Sets the clock of the program, and of nothing before it, since the library keeps things in memory that belong to the
 * first user who loads it. Timers go on as they were, or the program would wait for years.
 */
function clock(days: number | undefined): string[] {
  if (days === undefined) return [];
  const sign = days < 0 ? '' : '+';
  const library = `LD_PRELOAD=${CLOCK_LIBRARY}`;
  return ['env', library, `FAKETIME=${sign}${days}d`, 'FAKETIME_DONT_FAKE_MONOTONIC=1'];
}

type Places = { readonly project: HostPath; readonly artifacts: HostPath; readonly shown: readonly Shown[] };

/** Another user cannot get into root's home, where the store and the checkout may lie. */
async function layOutPlaces(
  base: HostPath,
  work: HostPath,
  artifactsFolder: HostPath,
  { user, place }: Surroundings,
): Promise<Places> {
  await mkdir(work);
  await chmod(work, 0o755);
  if (user !== undefined) await chown(work, user.uid, user.gid);
  if (user === undefined && place !== 'shuffled') {
    return { project: PROJECT, artifacts: artifactsFolder, shown: [] };
  }
  const [project, artifacts] = [join(base, 'project'), join(base, 'artifacts')];
  for (const folder of [project, artifacts]) await mkdir(folder, { mode: 0o755 });
  if (place !== 'shuffled') {
    const shown = [
      { from: PROJECT, to: project },
      { from: artifactsFolder, to: artifacts },
    ];
    return { project, artifacts, shown };
  }
  const below = join(base, 'below');
  await mkdir(below, { mode: 0o755 });
  const shown = [
    { from: artifactsFolder, to: artifacts, isShuffled: true },
    { from: below, to: work, isShuffled: true },
  ];
  return { project: PROJECT, artifacts, shown };
}
