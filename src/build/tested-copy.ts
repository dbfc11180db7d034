import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, ok, type Result } from '#base';
import { runProgram } from '#process';
import { removeTree } from '#store';
import { giveToBuildUser } from './build-user.ts';
import { copyArgv } from './copy-argv.ts';
import { type Execution, stoppedBy, whyFailed } from './execution.ts';
import { openToOwner } from './open-to-owner.ts';
import type { Workplace } from './workplace.ts';

/**
 * A workplace whose work folder is a copy, and its $OUT none that ships, for the package's own tests: many make
 * programs anew, with other options. A real copy and no overlay, whose inodes are not what suites for `tar` and `cp`
 * expect.
 */
export function testedCopy(place: Workplace): Workplace {
  const folder = folderOf(place);
  return { ...place, work: join(folder, 'work'), out: join(folder, 'out') };
}

/** Makes the copy. No process of the build runs meanwhile. Problems: as those of a phase. */
export async function makeTestedCopy(execution: Execution): Promise<Result<void>> {
  const { place, options, enclosure, logFd } = execution;
  const { work, out } = testedCopy(place);
  await mkdir(out, { recursive: true });
  await giveToBuildUser([out], options.host);
  const copied = await runProgram({
    argv: copyArgv(place.work, work, options.host),
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    stdout: 'ignore',
    stderr: { fd: logFd },
    timeLimitMs: enclosure.timeLeftMs(),
    signal: stoppedBy(execution),
  });
  return copied.succeeded ? ok(undefined) : fail(await whyFailed(copied, 'check', execution));
}

/** Makes the copy what is kept of the build, as its tests failed there. */
export async function keepTestedCopy(place: Workplace): Promise<void> {
  const { work } = testedCopy(place);
  await removeTree(place.work);
  // A folder that moves has to be writable itself, since its parent is written in it.
  await openToOwner(work);
  await rename(work, place.work);
  await removeTestedCopy(place);
}

/** Removes the copy, if there is one: it takes as much room as all that it was made of. */
export async function removeTestedCopy(place: Workplace): Promise<void> {
  await removeTree(folderOf(place));
}

function folderOf({ root }: Workplace): HostPath {
  return join(root, 'tested');
}
