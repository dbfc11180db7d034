import { ProblemError, type TargetPath } from '#base';
import { damaged } from '../damaged.ts';
import { type FileSystemEntry, LONGEST_PATH, type WalkedEntry } from '../file-system-entry.ts';
import { type Name, readNames } from './directory.ts';
import { readTarget } from './file-content.ts';
import { type Inode, ROOT_INODE, readInode } from './inode.ts';
import type { Volume } from './volume.ts';

/**
 * Everything in the file system, each directory before what is in it. What is damaged is told of in its place, and
 * the rest goes on. A directory that has two names is gone through once, so that no tree has no end.
 */
export async function* walk(volume: Volume): AsyncIterable<WalkedEntry> {
  const seen = new Set<number>([ROOT_INODE]);
  const waiting: { readonly path: TargetPath; readonly number: number }[] = [
    { path: '/', number: ROOT_INODE },
  ];
  yield await entryAt(volume, '/', ROOT_INODE);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, number } = next;
    try {
      for await (const name of readNames(volume, await readInode(volume, number))) {
        const entry = await entryAt(volume, `${path === '/' ? '' : path}/${name.name}`, name.inode);
        const isRepeated = entry.type === 'directory' && seen.has(name.inode);
        yield isRepeated ? repeated(entry) : entry;
        if (entry.type !== 'directory' || isRepeated) continue;
        seen.add(name.inode);
        waiting.push({ path: entry.path, number: name.inode });
      }
    } catch (error) {
      yield damagedAt(path, error);
    }
  }
}

/** The inode that a path leads to; symlinks are not followed. */
export async function inodeAt(volume: Volume, path: TargetPath): Promise<Inode | undefined> {
  let inode = await readInode(volume, ROOT_INODE);
  for (const part of path.split('/').filter((name) => name !== '')) {
    if (inode.type !== 'directory') return undefined;
    const found = await nameIn(volume, inode, part);
    if (found === undefined) return undefined;
    inode = await readInode(volume, found.inode);
  }
  return inode;
}

async function nameIn(volume: Volume, directory: Inode, wanted: string): Promise<Name | undefined> {
  for await (const name of readNames(volume, directory)) if (name.name === wanted) return name;
  return undefined;
}

async function entryAt(volume: Volume, path: TargetPath, number: number): Promise<WalkedEntry> {
  try {
    if (path.length > LONGEST_PATH) damaged('ext4', 'its folders lie too deep in each other');
    return await entryOf(volume, path, await readInode(volume, number));
  } catch (error) {
    return damagedAt(path.slice(0, LONGEST_PATH), error);
  }
}

async function entryOf(volume: Volume, path: TargetPath, inode: Inode): Promise<FileSystemEntry> {
  const { type, mode, uid, gid, sizeBytes, number, linkCount, hasAttributes } = inode;
  const target = type === 'symlink' ? { target: await readTarget(volume, inode) } : {};
  return { path, type, mode, uid, gid, sizeBytes, number, linkCount, hasAttributes, ...target };
}

function repeated({ path, number }: FileSystemEntry): WalkedEntry {
  try {
    return damaged('ext4', `the folder of inode ${number} is in more than one folder`);
  } catch (error) {
    return damagedAt(path, error);
  }
}

function damagedAt(path: TargetPath, error: unknown): WalkedEntry {
  if (!(error instanceof ProblemError)) throw error;
  return { path, type: 'damaged', problem: error.problem };
}
