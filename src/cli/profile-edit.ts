import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, isErrno, ok, type Result } from '#base';
import { extendingProfile, hasPackage, isPinName, profileNames, withPackage } from '#config';
import { type EditSession, editedFolder } from './edit-session.ts';
import { DEFAULT_PROFILE } from './flags.ts';
import { configFolders, PROJECT_ROOT } from './locations.ts';

/** A profile as it is to be. */
export type ProfileEdit = {
  readonly name: string;
  readonly path: HostPath;
  /** Absent when it has the package already. */
  readonly text?: string;
};

/**
 * The profile in use with one more package. An overlay that has no profile of the name gets one: it extends the
 * project's of that name, or else the usual one.
 */
export async function editProfile(session: EditSession, build: string): Promise<Result<ProfileEdit>> {
  const name = session.flags.profile;
  const path = join(editedFolder(session), 'profiles', `${name}.ts`);
  const text = await readOptional(path);
  if (text !== undefined) return editText({ name, path, text }, build);
  const ours = await profileNames(configFolders({ root: PROJECT_ROOT, overlay: undefined }, 'profiles'));
  if (session.flags.config === undefined || !isPinName(name)) {
    return fail({
      kind: 'unknown-profile',
      subject: name,
      message: `There is no profile ${name}`,
      hint: `Known are: ${ours.join(', ')}`,
    });
  }
  const base = ours.includes(name) ? name : DEFAULT_PROFILE;
  return ok({ name, path, text: extendingProfile(name, base, build) });
}

function editText({ name, path, text }: Required<ProfileEdit>, build: string): Result<ProfileEdit> {
  if (hasPackage(text, build)) return ok({ name, path });
  const edited = withPackage(text, build);
  if (edited !== undefined) return ok({ name, path, text: edited });
  return fail({
    kind: 'bad-profile',
    subject: name,
    message: `The profile ${name} has no list \`packages: […]\` that a line could be added to`,
    place: path,
    hint: `Add '${build}' to its packages by hand; then run the same command again`,
  });
}

async function readOptional(path: HostPath): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}
