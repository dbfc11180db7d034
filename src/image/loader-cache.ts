import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { TargetPath } from '#base';
import { type CachedLibrary, encodeLoaderCache, readElfLibrary } from '#elf';
import type { GeneratedFile, OwnedEntry } from './built-artifact.ts';
import { walkTo } from './closure.ts';

const CACHE: TargetPath = '/etc/ld.so.cache';

/** Who reads the cache; a system with another C library has no use for it. */
const LOADER: TargetPath = '/usr/lib/ld-linux-x86-64.so.2';

/** What the loader looks through without being told, and ldconfig with it. */
const LIBRARY_FOLDER = '/usr/lib';
const LIBRARY_NAME = /^(?:lib|ld-).*\.so(?:\.|$)/;

/**
 * The loader's cache of all libraries that ship: no package can bring it, since each with a library would change it.
 * Undefined where nothing would read it, or a package brings its own. Libraries by the names that programs and dlopen
 * use: their SONAME, and links that end in `.so`; as `ldconfig -X` does it.
 */
export async function loaderCache(entries: readonly OwnedEntry[]): Promise<GeneratedFile | undefined> {
  const byPath = new Map(entries.map((owned) => [owned.entry.path, owned]));
  if (!byPath.has(LOADER) || byPath.has(CACHE)) return undefined;
  const libraries: CachedLibrary[] = [];
  for (const { entry } of entries) {
    const name = posix.basename(entry.path);
    if (posix.dirname(entry.path) !== LIBRARY_FOLDER || !LIBRARY_NAME.test(name)) continue;
    const file = walkTo(entry.path, byPath)?.at(-1);
    if (file?.entry.type !== 'file') continue;
    const library = readElfLibrary(await readFile(file.hostPath));
    if (library === undefined) continue;
    const isNamed = name === (library.soname ?? name) || name.endsWith('.so');
    if (isNamed) libraries.push({ name, path: entry.path });
  }
  return { path: CACHE, content: encodeLoaderCache(libraries) };
}
