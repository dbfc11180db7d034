import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOfData, type HostPath, isErrno } from '#base';
import { findEntry } from './check-artifact.ts';
import { readSealed, sealedText } from './record-text.ts';
import { FOLDER_MODE, folderPath, keyPath } from './store-paths.ts';
import { writeWhole } from './whole-file.ts';

/** Who used a store: another of these is another use, and the same again takes the place of the one before. */
export type User = {
  /** The checkout whose recipes were built. */
  readonly project: HostPath;
  readonly overlay: HostPath | null;
  readonly profile: string;
  readonly targets: readonly string[];
};

/** What the last finished run of a user needed, built or not: the keys of all its builds, and their sources. */
export type Use = {
  readonly user: User;
  readonly keys: readonly Digest[];
  readonly blobs: readonly Digest[];
};

/** A use, with its time in milliseconds since 1970. */
export type DatedUse = Use & { readonly path: HostPath; readonly usedAtMs: number };

/**
 * Remembers what a finished run needed, for garbage collection. The same as before costs two calls: only the time of
 * the file is set. A key that is no longer needed keeps the time at which it last was.
 */
export async function recordUse(root: HostPath, use: Use): Promise<void> {
  mkdirSync(folderPath(root, 'uses'), { recursive: true, mode: FOLDER_MODE });
  const path = usePath(root, use.user);
  const text = sealedText(use);
  const before = findEntry(path)?.isFile() === true ? readFileSync(path, 'utf8') : undefined;
  if (before === text) {
    const now = new Date();
    utimesSync(path, now, now);
    return;
  }
  if (before !== undefined) keepTimes(root, parseUse(before)?.keys ?? [], use.keys, statSync(path).mtime);
  await writeWhole(path, text);
}

/** Where the use of a user is kept. */
export function usePath(root: HostPath, user: User): HostPath {
  return join(folderPath(root, 'uses'), `${digestOfData(user)}.json`);
}

/** All uses of a store. A file that is none is passed over: it protects nothing. */
export function readUses(root: HostPath): readonly DatedUse[] {
  const folder = folderPath(root, 'uses');
  if (findEntry(folder) === undefined) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const found = findEntry(path);
    const use = found?.isFile() === true ? parseUse(readFileSync(path, 'utf8')) : undefined;
    return use === undefined || found === undefined ? [] : [{ ...use, path, usedAtMs: found.mtimeMs }];
  });
}

/** Why the text of a file among the uses is none; undefined when it is one, under its own name. */
export function whyNoUse(text: string, name: string): string | undefined {
  const use = parseUse(text);
  if (use === undefined) return 'it is no record of a use, or its bytes are not those that were written';
  if (text !== sealedText(use)) return 'it is not spelled as the program spells it';
  return name === `${digestOfData(use.user)}.json` ? undefined : 'it is the use of another';
}

function keepTimes(root: HostPath, before: readonly Digest[], now: readonly Digest[], usedAt: Date): void {
  const kept = new Set(now);
  for (const key of before.filter((one) => !kept.has(one))) {
    try {
      utimesSync(keyPath(root, key), usedAt, usedAt);
    } catch (error) {
      // Collected since.
      if (!isErrno(error, 'ENOENT')) throw error;
    }
  }
}

function parseUse(text: string): Use | undefined {
  const data = readSealed(text).data as Partial<Use> | null | undefined;
  const isUse = Array.isArray(data?.keys) && Array.isArray(data.blobs) && typeof data.user === 'object';
  return isUse ? (data as Use) : undefined;
}
