import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, isErrno, ok, type Problem, type Result } from '#base';
import { lookIntoSource, type SourceLook } from '#build';
import { isPinName, isPinVersion, type PinWords } from '#config';
import type { Origin } from '#recipe';
import { archiveName, type Staged, type UnpinnedSources } from '#source';
import { writeWhole } from '#store';
import { type EditCommand, type EditSession, openSources } from './edit-session.ts';
import { fetchToPin } from './fetch-to-pin.ts';
import { type NewPackage, recipeFolders, tellNewPackage, writeRecipe } from './new-package.ts';
import { editedList, type PinList, readPinList, writePinList } from './pin-list.ts';
import { findOrigins, noVersion } from './pin-request.ts';
import { editProfile } from './profile-edit.ts';
import { sandboxHost } from './session.ts';
import { lockStore } from './store-lock.ts';

/** A package as it is asked for. */
export type WantedPackage = {
  readonly name: string;
  readonly url: string;
  readonly version: string | undefined;
};

/** `recipe new NAME URL [VERSION]`: the pin, the recipe and the line in the profile of a new package. */
export function recipeNewCommand(wanted: WantedPackage): EditCommand {
  return { edit: (session) => newRecipe(wanted, session) };
}

async function newRecipe(wanted: WantedPackage, session: EditSession): Promise<Result<number>> {
  const { name } = wanted;
  const wrong = wrongWords(wanted);
  if (wrong !== undefined) return fail(wrong);
  const locked = await lockStore(session);
  if (!locked.ok) return locked;
  await using _lock = locked.value;
  const list = await readPinList(session, name);
  if (!list.ok) return list;
  const present = await whatIsThere(name, list.value, session);
  if (present !== undefined) return fail(present);
  const profile = await editProfile(session, `final/${name}`);
  if (!profile.ok) return profile;
  await using sources = await openSources(session);

  const fetched = await fetchWanted(wanted, list.value, { session, sources });
  if (!fetched.ok) return fetched;
  const { staged, origin, pin } = fetched.value;
  const edited = editedList(list.value, name, [{ kind: 'add', words: pin }]);
  if (!edited.ok) return edited;
  await sources.keep(staged);
  const look = await lookInto(name, { staged, origin }, session);
  if (!look.ok) return look;
  const { recipe, notes } = await writeRecipe(name, look.value, session);
  const listFile = { path: list.value.path, text: edited.value };
  const made: NewPackage = { name, recipe, list: listFile, pin, profile: profile.value, notes };
  if (!session.flags.dryRun) await write(made);
  tellNewPackage(made, session);
  return ok(0);
}

function wrongWords({ name, version }: WantedPackage): Problem | undefined {
  const hint = 'The order is: blazeneuro recipe new NAME URL [VERSION]';
  const wrong = { kind: 'wrong-usage', subject: name, hint } as const;
  if (!isPinName(name)) return { ...wrong, message: `Not a name: ${name}` };
  if (version !== undefined && !isPinVersion(version))
    return { ...wrong, message: `Not a version: ${version}` };
  return undefined;
}

/** What would be overwritten, or would take the place of something of the project's without anybody noticing. */
async function whatIsThere(name: string, list: PinList, session: EditSession): Promise<Problem | undefined> {
  const about = { kind: 'refused', subject: name } as const;
  for (const place of recipeFolders(session).map((folder) => join(folder, name))) {
    if (!(await isThere(place))) continue;
    const hint = `For another version of its source: blazeneuro pin ${name} VERSION`;
    return {
      ...about,
      message: `There is a recipe ${name} already, and nothing is overwritten`,
      place,
      hint,
    };
  }
  const [pinned] = list.present;
  if (pinned === undefined) return undefined;
  const message = `${name} ${pinned.version} is pinned already, and nothing is overwritten`;
  return {
    ...about,
    message,
    place: list.path,
    hint: 'Take its lines out first, or write the recipe by hand',
  };
}

async function isThere(path: HostPath): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return false;
    throw error;
  }
}

type FetchedSource = { readonly staged: Staged; readonly origin: Origin; readonly pin: PinWords };

/** The source, with what a pin says of it: from the first origin that gives it. */
async function fetchWanted(
  wanted: WantedPackage,
  list: PinList,
  asked: { readonly session: EditSession; readonly sources: UnpinnedSources },
): Promise<Result<FetchedSource>> {
  const { name, url } = wanted;
  const found = await findOrigins(wanted, list, asked.sources);
  if (!found.ok) return found;
  let failure: Problem | undefined;
  for (const { origin, version } of found.value) {
    if (version === undefined) return fail(noVersion(wanted, `recipe new ${name} ${url} VERSION`));
    const staged = await fetchToPin(name, origin, asked);
    if (staged.ok) {
      const { digest, sizeBytes } = staged.value;
      return ok({
        staged: staged.value,
        origin,
        pin: { name, version, origin: origin.text, digest, sizeBytes },
      });
    }
    failure ??= staged.problem;
  }
  if (failure === undefined) throw new Error(`No origin was found for ${name}, and no problem either`);
  return fail(failure);
}

async function lookInto(
  name: string,
  { staged, origin }: Pick<FetchedSource, 'staged' | 'origin'>,
  session: EditSession,
): Promise<Result<SourceLook>> {
  const host = await sandboxHost(session);
  if (!host.ok) return host;
  const path = session.store.blobPath(staged.digest);
  const archive = { name, path, archive: archiveName(origin), member: origin.member };
  return lookIntoSource(archive, { ...session, host: host.value });
}

/** Each file appears whole; the recipe last, since it is what stands for the package being there. */
async function write({ list, profile, recipe }: NewPackage): Promise<void> {
  await writePinList(list, list.text);
  if (profile.text !== undefined) await writeWhole(profile.path, profile.text);
  await writeWhole(recipe.path, recipe.text);
}
