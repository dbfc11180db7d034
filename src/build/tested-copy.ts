import { link, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, isErrno, ok, type Result } from '#base';
import { problemOf, runProgram } from '#process';
import type { SandboxHost } from '#sandbox';
import { removeTree } from '#store';
import { giveToBuildUser } from './build-user.ts';
import { isDiskFull, noSpace } from './no-space.ts';
import { JOBSERVER_FILE } from './phases-script.ts';
import type { Workplace } from './workplace.ts';

/**
 * A workplace whose work folder is a copy, and its $OUT none that ships, for the package's own tests: many make
 * programs anew, with other options. A real copy and no overlay, whose inodes are not what suites for `tar` and `cp`
 * expect.
 */
export function testedCopy(place: Workplace): Workplace {
  return { ...place, work: join(place.root, 'tested/work'), out: join(place.root, 'tested/out') };
}

/** Makes the copy. No process of the build runs meanwhile. Problems: `no-space`, what cp could not read. */
export async function makeTestedCopy(
  build: string,
  place: Workplace,
  options: { readonly host: SandboxHost; readonly timeLeftMs: number; readonly signal: AbortSignal },
): Promise<Result<void>> {
  const { work, out } = testedCopy(place);
  await mkdir(out, { recursive: true });
  await giveToBuildUser([out], options.host);
  const copied = await runProgram({
    argv: ['cp', '--archive', '--reflink=auto', place.work, work],
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    timeLimitMs: options.timeLeftMs,
    signal: options.signal,
  });
  if (!copied.succeeded) {
    const said = copied.stderr.split('\n');
    if (await isDiskFull(place.root, said)) return fail(noSpace(build, said.slice(-5)));
    return fail(problemOf(copied, { kind: 'phase-failed', subject: build, place: place.work }));
  }
  await shareJobserver(place.work, work);
  return ok(undefined);
}

/** Makes the copy what is kept of the build, as its tests failed there; without the fifo: nobody gives tokens then. */
export async function keepTestedCopy(place: Workplace): Promise<void> {
  await removeTree(place.work);
  await rename(testedCopy(place).work, place.work);
  await removeTree(join(place.root, 'tested'));
  await rm(join(place.work, JOBSERVER_FILE), { recursive: true, force: true });
}

/** A copied fifo is another one, in which nobody puts tokens. What else a build put in its place is nobody's. */
async function shareJobserver(work: HostPath, copy: HostPath): Promise<void> {
  const fifo = join(work, JOBSERVER_FILE);
  try {
    if (!(await lstat(fifo)).isFIFO()) return;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return;
    throw error;
  }
  await rm(join(copy, JOBSERVER_FILE));
  await link(fifo, join(copy, JOBSERVER_FILE));
}
