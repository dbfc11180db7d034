import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { fail, ok, type Result, type TargetPath } from '#base';
import { readElfNeeds } from '#elf';
import type { OwnedEntry } from './built-artifact.ts';

/** Where libraries lie. A program that sets a search path of its own (RUNPATH) is not for an initrd. */
const LIBRARY_FOLDER = '/usr/lib';

/** More symlinks than this on one way are a circle; the kernel's own limit. */
const SYMLINKS_MAX = 40;

/**
 * Everything that some programs need to run: themselves, their interpreters (of ELF files and of scripts), the
 * libraries they name and what those name, with the directories and symlinks on the way to each. Sorted by path.
 */
export async function closureOf(
  entries: readonly OwnedEntry[],
  programs: readonly TargetPath[],
): Promise<Result<readonly OwnedEntry[]>> {
  const byPath = new Map(entries.map((owned) => [owned.entry.path, owned]));
  const taken = new Map<TargetPath, OwnedEntry>();
  const wanted = programs.map((path) => ({ path, by: 'the profile' }));
  for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) {
    const walk = walkTo(next.path, byPath);
    if (walk === undefined) return fail(missing(next.path, next.by));
    const file = walk.at(-1);
    if (file === undefined) continue;
    const isNew = !taken.has(file.entry.path);
    for (const owned of walk) taken.set(owned.entry.path, owned);
    if (!isNew || file.entry.type !== 'file') continue;
    const by = file.entry.path;
    wanted.push(...needsOf(await readFile(file.hostPath)).map((path) => ({ path, by })));
  }
  return ok([...taken.values()].sort((a, b) => (a.entry.path < b.entry.path ? -1 : 1)));
}

/** What one file asks for, as absolute paths. */
function needsOf(bytes: Buffer): TargetPath[] {
  const elf = readElfNeeds(bytes);
  if (elf !== undefined) {
    const libraries = elf.needed.map((name) => posix.join(LIBRARY_FOLDER, name));
    return elf.interpreter === undefined ? libraries : [elf.interpreter, ...libraries];
  }
  return interpreterOf(bytes);
}

/** The program that a script's first line names. */
export function interpreterOf(script: Buffer): TargetPath[] {
  const line = script.toString('utf8', 0, 256).split('\n', 1)[0] ?? '';
  const [, program] = /^#![ \t]*(\/[^ \t]+)/.exec(line) ?? [];
  return program === undefined ? [] : [program];
}

/** Every entry on the way to a path, symlinks followed, the file itself last; undefined when it leads nowhere. */
export function walkTo(
  path: TargetPath,
  byPath: ReadonlyMap<TargetPath, OwnedEntry>,
): OwnedEntry[] | undefined {
  const walk: OwnedEntry[] = [];
  let names = namesOf(path);
  let at = '/';
  let symlinks = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const next = posix.join(at, name);
    const owned = next === '/' ? undefined : byPath.get(next);
    if (owned === undefined && next !== '/') return undefined;
    if (owned !== undefined) walk.push(owned);
    if (owned?.entry.type === 'symlink') {
      symlinks += 1;
      if (symlinks > SYMLINKS_MAX) return undefined;
      names = [...namesOf(owned.entry.target), ...names];
      at = owned.entry.target.startsWith('/') ? '/' : at;
    } else {
      at = next;
    }
  }
  return walk;
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function missing(path: TargetPath, by: string) {
  return {
    kind: 'image-failed' as const,
    subject: path,
    message: `${path} should go into the initrd, since ${by} asks for it, but no shipped package has it.`,
    hint: "Add the build that gives it to the profile's packages, or mend the profile's initrd.",
  };
}
