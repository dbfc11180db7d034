import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, type HostPath, isErrno, ok, type Result } from '#base';
import type { Profile } from '#recipe';
import { registerRecipeImports } from './recipe-imports.ts';

const FIELDS = new Set<string>([
  'name',
  'description',
  'packages',
  'exclude',
  'kernel',
  'initrd',
  'hostname',
  'timezone',
  'services',
  'image',
] satisfies (keyof Profile)[]);

const OPTIONAL_FIELDS = new Set<string>(['accounts'] satisfies (keyof Profile)[]);

/** Reads the profile of a name from the last folder that has one: an overlay's goes before the project's. */
export async function readProfile(name: string, folders: readonly HostPath[]): Promise<Result<Profile>> {
  registerRecipeImports();
  for (const folder of [...folders].reverse()) {
    if (!(await profileNames([folder])).includes(name)) continue;
    return loadProfile(name, join(folder, `${name}.ts`));
  }
  return fail({
    kind: 'unknown-profile',
    subject: name,
    message: `There is no profile ${name}`,
    hint: `Known are: ${(await profileNames(folders)).join(', ')}`,
  });
}

/** The names of all profiles in the folders. */
export async function profileNames(folders: readonly HostPath[]): Promise<string[]> {
  const names = new Set<string>();
  for (const folder of folders) {
    try {
      for (const file of await readdir(folder)) if (file.endsWith('.ts')) names.add(file.slice(0, -3));
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
    }
  }
  return [...names].sort();
}

async function loadProfile(name: string, path: HostPath): Promise<Result<Profile>> {
  const bad = (why: string): Result<never> =>
    fail({
      kind: 'bad-profile',
      subject: name,
      message: `The profile ${name} cannot be used: ${why}`,
      place: path,
    });
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  } catch (error) {
    // A profile is somebody's program, like a recipe.
    return bad(error instanceof Error ? error.message : String(error));
  }
  if (typeof module.default !== 'object' || module.default === null) {
    return bad('it has no `export default defineProfile({ … })`');
  }
  const unknown = Object.keys(module.default).find(
    (field) => !FIELDS.has(field) && !OPTIONAL_FIELDS.has(field),
  );
  if (unknown !== undefined) {
    return fail({
      kind: 'unknown-field',
      subject: name,
      message: `The profile ${name} has the field ${unknown}, which does not exist`,
      place: path,
      hint: `Known are: ${[...FIELDS, ...OPTIONAL_FIELDS].join(', ')}`,
    });
  }
  const missing = [...FIELDS].find((field) => !(field in (module.default as object)));
  if (missing !== undefined) return bad(`it lacks the field ${missing}`);
  return ok(module.default as Profile);
}
