import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, isErrno, ok, type Result } from '#base';
import { judgeFolders } from './judge-folders.ts';
import { FOLDER_MODE } from './store-paths.ts';
import { writeWhole } from './whole-file.ts';

/** Bump when the folders of a store mean something else; another version is refused, never guessed at. */
const STORE_VERSION = '1';

/** The files that make a folder a store, with their text, in the order in which they are written. */
export const MARKS: Readonly<Record<string, string>> = {
  // For backup programs (the Cache Directory Tagging Standard): everything in it can be made again.
  'CACHEDIR.TAG': 'Signature: 8a477f597d28d172789f06886806bc55\n',
  // The last: only what has a version is a store.
  version: `${STORE_VERSION}\n`,
};

/** What a run that was stopped while it made the store may have left: no reason to refuse the folder. */
const HALF_MADE = /^(?:staging|CACHEDIR\.TAG|(?:CACHEDIR\.TAG|version)\..*\.new)$/;

/** What a folder that cannot be used makes the kernel say. */
const UNUSABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ELOOP'];

/**
 * Makes a folder a store, or finds that it is one of this version. Problems: another version, a folder in use, a
 * folder that cannot be read or made, folders that somebody else owns or may write to.
 */
export async function claimFolder(root: HostPath): Promise<Result<void>> {
  try {
    return await claim(root);
  } catch (error) {
    if (!UNUSABLE.some((code) => isErrno(error, code))) throw error;
    return unusable(root, error);
  }
}

/** The problem of a store that the system does not let us read or write. */
export function unusable(root: HostPath, error: unknown): Result<never> {
  return fail({
    kind: 'store-unusable',
    subject: root,
    message: `The store ${root} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Mount it for writing and give it to the user who builds, or name another folder in BLAZENEURO_STORE',
  });
}

async function claim(root: HostPath): Promise<Result<void>> {
  await mkdir(root, { recursive: true, mode: FOLDER_MODE });
  const version = await readVersion(root);
  if (version === undefined) {
    const made = await makeStore(root);
    if (!made.ok) return made;
  }
  const judged = judgeFolders(root);
  if (!judged.ok) return judged;
  if (version === undefined) return ok(undefined);
  if (version !== STORE_VERSION) return otherVersion(root, version);
  await mkdir(join(root, 'staging'), { recursive: true, mode: FOLDER_MODE });
  return ok(undefined);
}

/** Writes the files that make a folder a store. */
export async function writeMarks(root: HostPath): Promise<void> {
  for (const [name, text] of Object.entries(MARKS)) await writeWhole(join(root, name), text);
}

async function readVersion(root: HostPath): Promise<string | undefined> {
  try {
    return (await readFile(join(root, 'version'), 'utf8')).trim();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function otherVersion(root: HostPath, version: string): Result<never> {
  const isNewer = /^\d+$/.test(version) && Number(version) > Number(STORE_VERSION);
  const hint = isNewer
    ? 'Use the newer program that made it, or name another folder in BLAZENEURO_STORE'
    : 'Name another folder in BLAZENEURO_STORE, or remove this one: all that is in it can be made again';
  return fail({
    kind: 'store-version',
    subject: root,
    message: `The store ${root} has version ${version}, this program reads version ${STORE_VERSION}`,
    place: join(root, 'version'),
    hint,
  });
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
  // An empty folder may be anybody's to write to, as that of a new file system is; a store is not.
  await chmod(root, FOLDER_MODE);
  await mkdir(join(root, 'staging'), { recursive: true, mode: FOLDER_MODE });
  await writeMarks(root);
  return ok(undefined);
}
