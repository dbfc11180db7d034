import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostPath, isErrno } from '#base';

/**
 * Removes a folder and all that is in it. Test suites leave folders that even their owner may not write to, and an
 * ordinary user cannot empty those before opening them.
 */
export async function removeTree(path: HostPath): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!isErrno(error, 'EACCES')) throw error;
    await openFolders(path);
    await rm(path, { recursive: true, force: true });
  }
}

async function openFolders(folder: HostPath): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(join(folder, entry.name));
  }
}
