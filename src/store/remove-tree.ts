import { randomUUID } from 'node:crypto';
import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { chmod, readdir, rename } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { type HostPath, isErrno } from '#base';

/** Far below PATH_MAX, 4096, so that a name of any length can follow. */
const FAR_BYTES = 2048;

/** After so many files, others have their turn: a millisecond. */
const TURN = 64;

/**
 * Removes a folder and all that is in it, whatever a build made of it. Test suites leave folders that even their owner
 * may not write to, and an ordinary user cannot empty those before opening them; a tree may be deeper than a path can
 * be long.
 */
export async function removeTree(path: HostPath): Promise<void> {
  try {
    await removeAll(Buffer.from(path));
  } catch (error) {
    if (!isErrno(error, 'EACCES') && !isErrno(error, 'ENAMETOOLONG')) throw error;
    await makeRemovable(Buffer.from(path));
    await removeAll(Buffer.from(path));
  }
}

/**
 * By calls that wait, file by file: `rm` of Node asks for all of a folder at once, which for the sources of Linux takes
 * 50 MB that are never given back.
 */
async function removeAll(root: Buffer): Promise<void> {
  if (!isFolder(root)) return unlessGone(() => unlinkSync(root));
  const left = [{ path: root, isEmpty: false }];
  let untilTurn = TURN;
  for (let folder = left.pop(); folder !== undefined; folder = left.pop()) {
    const { path, isEmpty } = folder;
    if (isEmpty) {
      unlessGone(() => rmdirSync(path));
      continue;
    }
    left.push({ path, isEmpty: true });
    for (const entry of readdirSync(path, { withFileTypes: true, encoding: 'buffer' })) {
      const inside = within(path, entry.name);
      if (entry.isDirectory()) left.push({ path: inside, isEmpty: false });
      else unlessGone(() => unlinkSync(inside));
      untilTurn -= 1;
      if (untilTurn > 0) continue;
      untilTurn = TURN;
      await setImmediate();
    }
  }
}

function isFolder(path: Buffer): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** What is not there need not be removed. */
function unlessGone(remove: () => void): void {
  try {
    remove();
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
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
