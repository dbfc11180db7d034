import { chmod, mkdir, mkdtemp, readdir, readFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { canonicalJson, type Digest, type HostPath, isErrno } from '#base';
import { findEntry } from './check-artifact.ts';
import { writeMarks } from './claim-folder.ts';
import type { StoreFault } from './fault.ts';
import { readRecordText } from './record-text.ts';
import { FOLDER_MODE, folderPath } from './store-paths.ts';
import { writeWhole } from './whole-file.ts';

/**
 * Sets a faulty entry aside, as it is and with the reasons beside it, so that the next build makes it anew: what went
 * wrong on a disk or by a hand can be looked at. Records of a faulty artifact go with it, since they promise what is
 * not there. Gives the folder that it lies in now. Only for who holds the store's lock.
 */
export async function setAside(root: HostPath, fault: StoreFault): Promise<HostPath> {
  const parent = folderPath(root, 'quarantine');
  await mkdir(parent, { recursive: true, mode: FOLDER_MODE });
  const folder = await mkdtemp(
    join(parent, `${fault.entry}-${fault.name.slice(0, 12).replaceAll('/', '.')}-`),
  );
  await writeWhole(join(folder, 'why.json'), canonicalJson(fault));
  // First what promises the entry, then the entry: no moment shows a promise that does not hold.
  if (fault.entry === 'artifact') {
    for (const path of await recordsOf(root, fault.name as Digest)) {
      await rename(path, join(folder, basename(path)));
    }
  }
  if (findEntry(fault.path) !== undefined) await moveAway(fault.path, join(folder, 'entry'));
  return folder;
}

/** Sets all faulty entries aside; the places that they lie in now. Only for who holds the store's lock. */
export async function repairStore(
  root: HostPath,
  faults: readonly StoreFault[],
): Promise<readonly HostPath[]> {
  const places: HostPath[] = [];
  for (const fault of faults) places.push(await setAside(root, fault));
  await writeMarks(root);
  return places;
}

/** The paths of the key records that promise an artifact. */
export async function recordsOf(root: HostPath, artifact: Digest): Promise<HostPath[]> {
  const found: HostPath[] = [];
  for (const path of await keyRecordPaths(root)) {
    if (readRecordText(await readFile(path, 'utf8')).record?.artifact === artifact) found.push(path);
  }
  return found;
}

/** All plain files that lie where key records lie. */
export async function keyRecordPaths(root: HostPath): Promise<HostPath[]> {
  const folder = folderPath(root, 'keys');
  if (findEntry(folder) === undefined) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Moves a file or folder, also a folder whose mode forbids its owner to write into it. */
export async function moveAway(path: HostPath, target: HostPath): Promise<void> {
  try {
    await rename(path, target);
  } catch (error) {
    // Moving a folder changes its `..`, which an ordinary user may do only with the right to write.
    if (!isErrno(error, 'EACCES')) throw error;
    await chmod(path, FOLDER_MODE);
    await rename(path, target);
  }
}
