import { chmod, constants, copyFile, link, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type HostPath, isErrno } from '#base';
import { removeTree } from '#store';
import type { OwnedEntry } from './built-artifact.ts';
import type { WorkFolders } from './image-input.ts';

/** Makes the work folders; they are gone when their scope ends. */
export async function openWorkFolders(parent: HostPath): Promise<WorkFolders & AsyncDisposable> {
  await mkdir(parent, { recursive: true });
  const path = await mkdtemp(join(parent, 'image-'));
  // The tools may run as another user, whatever the umask of this one.
  await chmod(path, 0o755);
  const folders = { own: join(path, 'own'), esp: join(path, 'esp'), root: join(path, 'root') };
  for (const folder of Object.values(folders)) await makeFolder(folder);
  return { ...folders, [Symbol.asyncDispose]: () => removeTree(path) };
}

/** Writes a file of a work folder, for everybody to read, with the folders above it; gives back where it is. */
export async function writeWorkFile(
  folder: HostPath,
  name: string,
  content: string | Uint8Array,
): Promise<HostPath> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await chmod(path, 0o644);
  return path;
}

async function makeFolder(path: HostPath): Promise<void> {
  await mkdir(path);
  await chmod(path, 0o755);
}

/** The folder of a work folder in which files are linked to the store's: to be shown to tools read-only. */
export const STAGED_FOLDER = 'files';

/** Files are linked this many at a time: enough to keep the kernel busy, few enough for its file tables. */
const LINKED_AT_ONCE = 64;

/**
 * Puts the files of the entries into the work folder, where the tools' sandbox sees them, by hard link, in
 * a folder of their own: what is written there would be written in the store. They are numbered, not named: a store may keep equal files of two packages as one. Gives back the name of each.
 */
export async function stageFiles(
  folder: HostPath,
  entries: readonly OwnedEntry[],
): Promise<(owned: OwnedEntry) => string> {
  await makeFolder(join(folder, STAGED_FOLDER));
  const files = entries.filter(({ entry }) => entry.type === 'file');
  const names = new Map(files.map((owned, at) => [owned.entry.path, `${STAGED_FOLDER}/${at}`]));
  const stagedAs = ({ entry }: OwnedEntry) => {
    const name = names.get(entry.path);
    if (name === undefined) throw new TypeError(`${entry.path} is no staged file.`);
    return name;
  };
  for (let at = 0; at < files.length; at += LINKED_AT_ONCE) {
    const some = files.slice(at, at + LINKED_AT_ONCE);
    await Promise.all(some.map((owned) => linkOrCopy(owned.hostPath, join(folder, stagedAs(owned)))));
  }
  return stagedAs;
}

/** Copies a file into a work folder, sharing its blocks where the file system can: tools may write to the copy. */
export async function copyWorkFile(source: HostPath, target: HostPath): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_FICLONE);
}

/** Links a file; copies it where that cannot be: on another file system, or with too many links already. */
async function linkOrCopy(source: HostPath, target: HostPath): Promise<void> {
  try {
    await link(source, target);
  } catch (error) {
    if (!isErrno(error, 'EXDEV') && !isErrno(error, 'EMLINK') && !isErrno(error, 'EPERM')) throw error;
    await copyWorkFile(source, target);
  }
}
