import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, isErrno, ok, type Result } from '#base';
import { type FragmentText, formatRequests, mergeFragments } from '#kernel';
import type { Pin, Profile } from '#recipe';
import { type MirrorLists, overlayMirrors, readMirrors } from './mirrors.ts';
import { overlayPins, pinsByName, readPins } from './pins.ts';
import { readProfile } from './profiles.ts';
import { type RecipeFolder, readRecipes } from './recipes.ts';
import { overlaySignatures, type PinnedSignatures, readSignatures, strayingSignature } from './signatures.ts';

/** Everything people wrote, read and checked: the project's own, and an overlay folder above it. */
export type Project = {
  readonly pins: ReadonlyMap<string, readonly Pin[]>;
  readonly mirrors: MirrorLists;
  readonly signatures: PinnedSignatures;
  readonly recipes: ReadonlyMap<string, RecipeFolder>;
  readonly profile: Profile;
  /** The profile's kernel fragments, merged. */
  readonly kernelConfig: string;
};

/** Where to read from: the project's root, and the folder given with `--config`, if any. */
export type ProjectFolders = { readonly root: HostPath; readonly overlay: HostPath | undefined };

/** Reads pins, recipes, the profile and its kernel fragments. The first problem found is given back. */
export async function readProject(folders: ProjectFolders, profileName: string): Promise<Result<Project>> {
  if (folders.overlay !== undefined && !(await isFolder(folders.overlay))) return noOverlay(folders.overlay);
  const config = [join(folders.root, 'config'), ...(folders.overlay === undefined ? [] : [folders.overlay])];
  const pins = await readAllPins(config);
  if (!pins.ok) return pins;
  const mirrors = await readAllMirrors(config);
  if (!mirrors.ok) return mirrors;
  const signatures = await readAllSignatures(config, pinsByName(pins.value));
  if (!signatures.ok) return signatures;
  const profile = await readProfile(
    profileName,
    config.map((folder) => join(folder, 'profiles')),
  );
  if (!profile.ok) return profile;
  const recipes = await readRecipes([
    join(folders.root, 'recipes'),
    ...(folders.overlay === undefined ? [] : [join(folders.overlay, 'recipes')]),
  ]);
  if (!recipes.ok) return recipes;
  const kernelConfig = await readKernelConfig(profile.value, config);
  if (!kernelConfig.ok) return kernelConfig;
  return ok({
    pins: pinsByName(pins.value),
    mirrors: mirrors.value,
    signatures: signatures.value,
    recipes: recipes.value,
    profile: profile.value,
    kernelConfig: kernelConfig.value,
  });
}

/** The mirror lists of the project, and of the overlay above them. */
export function readProjectMirrors({ root, overlay }: ProjectFolders): Promise<Result<MirrorLists>> {
  return readAllMirrors([join(root, 'config'), ...(overlay === undefined ? [] : [overlay])]);
}

async function readAllPins(folders: readonly HostPath[]): Promise<Result<readonly Pin[]>> {
  let pins: readonly Pin[] = [];
  for (const folder of folders) {
    const path = join(folder, 'packages.list');
    const text = await readOptional(path);
    if (text === undefined) continue;
    const read = readPins(text, path);
    if (!read.ok) return read;
    pins = overlayPins(pins, read.value);
  }
  return ok(pins);
}

async function readAllMirrors(folders: readonly HostPath[]): Promise<Result<MirrorLists>> {
  let mirrors: MirrorLists = new Map();
  for (const folder of folders) {
    const path = join(folder, 'mirrors.list');
    const text = await readOptional(path);
    if (text === undefined) continue;
    const read = readMirrors(text, path);
    if (!read.ok) return read;
    mirrors = overlayMirrors(mirrors, read.value);
  }
  return ok(mirrors);
}

async function readAllSignatures(
  folders: readonly HostPath[],
  pins: ReadonlyMap<string, readonly Pin[]>,
): Promise<Result<PinnedSignatures>> {
  let signatures: PinnedSignatures = new Map();
  for (const folder of folders) {
    const path = join(folder, 'signatures.list');
    const text = await readOptional(path);
    if (text === undefined) continue;
    const read = readSignatures(text, path);
    if (!read.ok) return read;
    signatures = overlaySignatures(signatures, read.value);
  }
  return strayingSignature(signatures, pins);
}

async function readKernelConfig(profile: Profile, folders: readonly HostPath[]): Promise<Result<string>> {
  const fragments: FragmentText[] = [];
  for (const name of profile.kernel.fragments) {
    const paths = [...folders].reverse().map((folder) => join(folder, 'kernel', `${name}.config`));
    const found = await firstOf(paths);
    if (found === undefined) {
      return fail({
        kind: 'bad-profile',
        subject: profile.name,
        message: `The profile ${profile.name} names the kernel fragment ${name}, and there is none`,
        hint: `Write config/kernel/${name}.config`,
      });
    }
    fragments.push({ file: found.path, text: found.text });
  }
  const merged = mergeFragments(fragments);
  return merged.ok ? ok(formatRequests(merged.value)) : merged;
}

async function firstOf(paths: readonly HostPath[]): Promise<{ path: HostPath; text: string } | undefined> {
  for (const path of paths) {
    const text = await readOptional(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

/** A slip in the folder's name would otherwise build the project without the overlay. */
function noOverlay(overlay: HostPath): Result<never> {
  return fail({
    kind: 'wrong-usage',
    subject: overlay,
    message: `There is no overlay folder ${overlay}`,
    hint: 'Give --config a folder with packages.list, recipes/, profiles/ or kernel/',
  });
}

/** Whether a folder is there. */
export async function isFolder(path: HostPath): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return false;
    throw error;
  }
}

async function readOptional(path: HostPath): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
