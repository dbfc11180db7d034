import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Digest, digestOfBytes, type HostPath, isErrno } from '#base';

/** Paths, by folder, so that writing them down takes a fourth of the space: `{ '/a/b': ['c', 'd'] }`. */
export type Places = Readonly<Record<HostPath, readonly string[]>>;

/** Paths as they are kept, each once. */
export function gatherPlaces(paths: Iterable<HostPath>): Places {
  const places: Record<HostPath, string[]> = {};
  for (const path of new Set(paths)) {
    const folder = dirname(path);
    places[folder] ??= [];
    places[folder].push(path.slice(folder === '/' ? 1 : folder.length + 1));
  }
  return places;
}

/**
 * One digest of what stands at all these places, without reading it: kind, number, size, mode and times, as git's
 * index does it. Nothing at a place counts as well, so that a file that comes is seen like one that goes.
 */
export function digestOfPlaces(places: Places): Digest {
  let text = '';
  for (const [folder, names] of Object.entries(places)) {
    for (const name of names) text += `${stateOf(`${folder === '/' ? '' : folder}/${name}`)}\n`;
  }
  return digestOfBytes(text);
}

/** When the latest of them was changed, in milliseconds since 1970. */
export function latestChangeMs(paths: readonly HostPath[]): number {
  return paths.reduce((latestMs, path) => {
    const found = [find(path, lstatSync), find(path, statSync)];
    const times = found.flatMap((one) => (one === undefined ? [] : [one.mtimeMs, one.ctimeMs]));
    return Math.max(latestMs, ...times);
  }, 0);
}

/** A file or folder with everything below it; a path where nothing stands is given back as well. */
export function treeOf(path: HostPath): HostPath[] {
  const found = find(path, statSync);
  if (found?.isDirectory() !== true) return [path];
  const below = readdirSync(path, { withFileTypes: true, recursive: true });
  return [path, ...below.map((entry) => join(entry.parentPath, entry.name))];
}

function stateOf(path: HostPath): string {
  const found = find(path, lstatSync);
  if (found === undefined) return '-';
  if (!found.isSymbolicLink()) return wordsOf(found);
  // Whoever reads by way of a link sees where it leads.
  const target = find(path, statSync);
  return `${wordsOf(found)} ${target === undefined ? '-' : wordsOf(target)}`;
}

function wordsOf({ dev, ino, mode, uid, size, mtimeMs, ctimeMs }: Stats): string {
  return `${dev} ${ino} ${mode} ${uid} ${size} ${mtimeMs} ${ctimeMs}`;
}

/** Undefined where nothing stands, also because what should be a folder above it is none. */
function find(path: HostPath, ask: typeof lstatSync | typeof statSync): Stats | undefined {
  try {
    return ask(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isErrno(error, 'ENOTDIR') || isErrno(error, 'ELOOP')) return undefined;
    throw error;
  }
}
