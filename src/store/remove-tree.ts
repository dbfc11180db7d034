import { randomUUID } from 'node:crypto';
import { chmod, readdir, rename, rm } from 'node:fs/promises';
import { type HostPath, isErrno } from '#base';

/** Far below PATH_MAX, 4096, so that a name of any length can follow. */
const FAR_BYTES = 2048;

/**
 * Removes a folder and all that is in it, whatever a build made of it. Test suites leave folders that even their owner
 * may not write to, and an ordinary user cannot empty those before opening them; a tree may be deeper than a path can
 * be long.
 */
export async function removeTree(path: HostPath): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!isErrno(error, 'EACCES') && !isErrno(error, 'ENAMETOOLONG')) throw error;
    await makeRemovable(Buffer.from(path));
    await rm(path, { recursive: true, force: true });
  }
}

/** Opens all folders, and brings those that are far down up to the top. Names are bytes: not all are text. */
async function makeRemovable(root: Buffer): Promise<void> {
  const left = [root];
  for (let folder = left.pop(); folder !== undefined; folder = left.pop()) {
    await chmod(folder, 0o700);
    for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
      if (!entry.isDirectory()) continue;
      const path = within(folder, entry.name);
      left.push(path.length < FAR_BYTES ? path : await bringUp(path, root));
    }
  }
}

async function bringUp(path: Buffer, root: Buffer): Promise<Buffer> {
  const near = within(root, Buffer.from(randomUUID()));
  // A folder that moves has to be writable itself, since its parent is written in it.
  await chmod(path, 0o700);
  await rename(path, near);
  return near;
}

function within(folder: Buffer, name: Uint8Array): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name]);
}
