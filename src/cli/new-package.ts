import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostPath, isErrno, plainText } from '#base';
import type { SourceLook } from '#build';
import {
  chooseWay,
  guessLicense,
  mentionedLibraries,
  missingTools,
  type PinWords,
  pinText,
  recipeText,
} from '#config';
import type { EditSession } from './edit-session.ts';
import { hintedCommand } from './hinted-commands.ts';
import { PROJECT_ROOT } from './locations.ts';
import { writeLine } from './open-reporter.ts';
import type { ProfileEdit } from './profile-edit.ts';

/** All that is written for a new package, and what a person has to look at. */
export type NewPackage = {
  readonly name: string;
  readonly recipe: { readonly path: HostPath; readonly text: string };
  readonly list: { readonly path: HostPath; readonly text: string };
  readonly pin: PinWords;
  readonly profile: ProfileEdit;
  readonly notes: readonly string[];
};

/** The recipe's folders: the project keeps its own beside config/, an overlay inside. */
export function recipeFolders({ flags }: Pick<EditSession, 'flags'>): readonly HostPath[] {
  const ours = join(PROJECT_ROOT, 'recipes');
  return flags.config === undefined ? [ours] : [ours, join(flags.config, 'recipes')];
}

/** The recipe for a source that was looked into, with what it leaves to a person. */
export async function writeRecipe(
  name: string,
  look: SourceLook,
  session: Pick<EditSession, 'flags'>,
): Promise<Pick<NewPackage, 'recipe' | 'notes'>> {
  const folders = recipeFolders(session);
  const recipes = new Set((await Promise.all(folders.map(namesIn))).flat());
  const license = guessLicense(look);
  const text = recipeText(name, { ...look, license }, recipes);
  const missing = missingTools(chooseWay(look), recipes);
  const libraries = mentionedLibraries(look.texts, recipes);
  return {
    recipe: { path: join(folders.at(-1) ?? '', name, 'recipe.ts'), text },
    notes: [
      ...(license.doubt === undefined ? [] : [`The licence is not certain. ${plainText(license.doubt)}`]),
      ...missing.map((tool) => `It takes ${tool}, of which there is no recipe yet`),
      ...(libraries.length === 0
        ? []
        : [`Its build files mention ${libraries.join(', ')}: add to needs what it needs`]),
    ],
  };
}

async function namesIn(folder: HostPath): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return [];
    throw error;
  }
}

/** Says what was, or would be, written, and which two commands come next. */
export function tellNewPackage(made: NewPackage, { flags }: Pick<EditSession, 'flags'>): void {
  const { name, recipe, list, pin, profile, notes } = made;
  const commands = [['build', `final/${name}`], ['build']].map((words) => hintedCommand(words, flags));
  if (flags.json) {
    const [profileFile, dryRun] = [profile.path, flags.dryRun];
    const event = { type: 'recipe-made', name, recipe: recipe.path, list: list.path, profile: profileFile };
    process.stdout.write(`${JSON.stringify({ ...event, dryRun, notes, commands })}\n`);
    return;
  }
  process.stdout.write(`${list.path}\n+ ${pinText(pin)}\n`);
  process.stdout.write(`${profile.path}\n${profile.text === undefined ? '  ' : '+ '}final/${name}\n`);
  process.stdout.write(`${recipe.path}\n${recipe.text.replaceAll(/^/gm, '+ ').replace(/\+ $/, '')}`);
  for (const note of notes) writeLine(note);
  if (flags.dryRun) writeLine('Nothing was written, because of --dry-run');
  else writeLine(`Look the recipe over. Then build it, and the image with it:\n  ${commands.join('\n  ')}`);
}
