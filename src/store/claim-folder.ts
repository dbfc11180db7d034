import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, isErrno, ok, type Result } from '#base';
import { writeWhole } from './whole-file.ts';

/** Bump when the folders of a store mean something else; another version is refused, never guessed at. */
const STORE_VERSION = '1';

/** What a run that was stopped while it made the store may have left: no reason to refuse the folder. */
const HALF_MADE = /^(?:staging|version\..*\.new)$/;

/** Makes a folder a store, or finds that it is one of this version. Problems: another version, a folder in use. */
export async function claimFolder(root: HostPath): Promise<Result<void>> {
  await mkdir(root, { recursive: true });
  const version = await readVersion(root);
  if (version === undefined) return makeStore(root);
  if (version !== STORE_VERSION) {
    return fail({
      kind: 'store-version',
      subject: root,
      message: `The store ${root} has version ${version}, this program reads version ${STORE_VERSION}`,
      hint: 'Use the program that made it, or name another folder in BLAZENEURO_STORE',
    });
  }
  await mkdir(join(root, 'staging'), { recursive: true });
  return ok(undefined);
}

async function readVersion(root: HostPath): Promise<string | undefined> {
  try {
    return (await readFile(join(root, 'version'), 'utf8')).trim();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A store clears its own folders away without asking, so it must not begin in somebody else's. */
async function makeStore(root: HostPath): Promise<Result<void>> {
  const others = (await readdir(root)).filter((name) => !HALF_MADE.test(name));
  if (others.length > 0) {
    return fail({
      kind: 'refused',
      subject: root,
      message: `${root} is no store, and it is not empty`,
      hint: 'Name an empty or a new folder in BLAZENEURO_STORE',
      details: others.slice(0, 5),
    });
  }
  await mkdir(join(root, 'staging'), { recursive: true });
  await writeWhole(join(root, 'version'), `${STORE_VERSION}\n`);
  // Marks the folder for backup programs: everything in it can be made again.
  await writeWhole(join(root, 'CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc55\n');
  return ok(undefined);
}
