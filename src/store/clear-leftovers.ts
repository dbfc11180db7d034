import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostPath, isErrno } from '#base';
import { removeTree } from './remove-tree.ts';

/** A file that is written beside another one, to be renamed: `tools.json.4711.new`, `version.4711.1.new`. */
const HALF_WRITTEN = /\.(?<pid>\d+)(?:\.\d+)?\.new$/;

/**
 * Removes what killed runs left: all that is in staging, and files that were never renamed. Only for who holds the
 * store's lock.
 */
export async function clearStaging(root: HostPath): Promise<void> {
  for (const name of await namesIn(join(root, 'staging'))) {
    await removeTree(join(root, 'staging', name));
  }
  const states = (await namesIn(join(root, 'state'))).map((name) => join(root, 'state', name));
  for (const folder of [root, join(root, 'uses'), ...states]) await clearHalfWritten(folder);
}

/** Some are written without the lock, such as what was found out about the host: a living writer keeps its own. */
async function clearHalfWritten(folder: HostPath): Promise<void> {
  for (const name of await namesIn(folder)) {
    const pid = HALF_WRITTEN.exec(name)?.groups?.['pid'];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

async function namesIn(folder: HostPath): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return [];
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (isErrno(error, 'ESRCH')) return false;
    // It is another user's.
    if (isErrno(error, 'EPERM')) return true;
    throw error;
  }
}
