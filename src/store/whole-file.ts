import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type HostPath, isErrno } from '#base';

let written = 0;

/**
 * Writes a file so that it is there whole or not at all: written beside (or in a folder of the same file system that
 * is cleared anyway), synced, renamed.
 */
export async function writeWhole(
  path: HostPath,
  text: string,
  stagingFolder: HostPath = dirname(path),
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  written += 1;
  const beside = join(stagingFolder, `${basename(path)}.${process.pid}.${written}.new`);
  try {
    await writeSynced(beside, text);
    await rename(beside, path);
  } catch (error) {
    // A full disk must not be made fuller.
    await rm(beside, { force: true });
    throw error;
  }
}

async function writeSynced(path: HostPath, text: string): Promise<void> {
  await using file = await open(path, 'w', 0o644);
  await file.writeFile(text);
  await file.sync();
}

/** Reads JSON that `writeWhole` wrote; undefined when there is none. Damaged JSON is an error: see `readCache`. */
export async function readJson<T>(path: HostPath): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
  return JSON.parse(text) as T;
}

/** Reads JSON that can be made anew: one that is damaged counts as none, once `onDamage` was told its path. */
export async function readCache<T>(
  path: HostPath,
  onDamage: (path: HostPath) => void,
): Promise<T | undefined> {
  try {
    return await readJson<T>(path);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    onDamage(path);
    return undefined;
  }
}
