import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, type HostPath, isErrno, ok, type Problem, type Result } from '#base';
import { PHASES, type Recipe, STAGES } from '#recipe';
import { registerRecipeImports } from './recipe-imports.ts';

/** A recipe as read: its data, and the files beside it by relative path (`files/…`, `patches/…`). */
export type RecipeFolder = {
  /** Undefined for a source that no recipe of its own builds, and that has patches all the same. */
  readonly recipe: Recipe | undefined;
  readonly files: ReadonlyMap<string, Uint8Array>;
};

/**
 * Reads every `<folder>/<name>/recipe.ts`, and all files beside it: thousands in a large project, at the start of every
 * command. Synchronous, which takes a tenth of the time of promises for small files. A later folder's recipe takes
 * the place of an earlier one's of its name.
 */
export async function readRecipes(
  folders: readonly HostPath[],
): Promise<Result<ReadonlyMap<string, RecipeFolder>>> {
  registerRecipeImports();
  const recipes = new Map<string, RecipeFolder>();
  for (const folder of folders) {
    const names = namesIn(folder);
    const read = await Promise.all(names.map((name) => readRecipe(folder, name)));
    for (const [index, one] of read.entries()) {
      if (!one.ok) return one;
      recipes.set(names[index] ?? '', one.value);
    }
  }
  return ok(recipes);
}

function namesIn(folder: HostPath): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

async function readRecipe(folder: HostPath, name: string): Promise<Result<RecipeFolder>> {
  const path = join(folder, name, 'recipe.ts');
  const files = readFiles(join(folder, name));
  if (!isFile(path)) return ok({ recipe: undefined, files });
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  } catch (error) {
    // A recipe is somebody's program: whatever it throws is a fault of the recipe, told with its place.
    return fail(badRecipe(name, path, error instanceof Error ? error.message : String(error)));
  }
  const checked = checkRecipe(module.default, name, path);
  if (!checked.ok) return checked;
  return ok({ recipe: checked.value, files });
}

const FIELDS = new Set(['name', 'license', 'description', 'sources', 'leaveOut', 'copiesFrom', 'builds']);

function checkRecipe(value: unknown, name: string, path: string): Result<Recipe> {
  if (typeof value !== 'object' || value === null) {
    return fail(badRecipe(name, path, 'it has no `export default defineRecipe({ … })`'));
  }
  const recipe = value as Recipe;
  const unknown = Object.keys(recipe).find((field) => !FIELDS.has(field));
  if (unknown !== undefined) return fail(unknownField(name, path, unknown, [...FIELDS]));
  if (recipe.name !== name) {
    return fail(badRecipe(name, path, `its name is ${recipe.name}, and its folder says ${name}`));
  }
  if (typeof recipe.license !== 'string') return fail(badRecipe(name, path, 'it has no license'));
  if (typeof recipe.builds !== 'object' || recipe.builds === null) {
    return fail(badRecipe(name, path, 'it has no builds'));
  }
  const leftOut = checkLeaveOut(recipe);
  if (leftOut !== undefined) return fail(badRecipe(name, path, leftOut));
  if (recipe.copiesFrom !== undefined && !Array.isArray(recipe.copiesFrom)) {
    return fail(badRecipe(name, path, 'copiesFrom is no list of pins'));
  }
  const stages: readonly string[] = STAGES;
  for (const [stage, style] of Object.entries(recipe.builds)) {
    if (!stages.includes(stage)) return fail(unknownField(name, path, `builds.${stage}`, stages));
    if (typeof style !== 'function') {
      return fail(badRecipe(name, path, `builds.${stage} is not a style such as autotools()`));
    }
  }
  return ok(recipe);
}

/** What is wrong with a recipe's `leaveOut`. */
function checkLeaveOut({ sources, leaveOut = {} }: Recipe): string | undefined {
  for (const [folder, globs] of Object.entries(leaveOut)) {
    if (sources[folder] === undefined) return `leaveOut names ${folder}, where its sources have nothing`;
    if (!Array.isArray(globs)) return `leaveOut of ${folder} is no list of paths`;
    // Inside a pattern, `..` or a leading slash could never match, and a person would not notice.
    const wrong = globs.find(
      (glob) => typeof glob !== 'string' || !/^(?!\.\.?(\/|$))[^/\n]+(\/(?!\.\.?(\/|$))[^/\n]+)*$/.test(glob),
    );
    if (wrong !== undefined) return `leaveOut has ${wrong}, which is no path below the top folder`;
  }
  return undefined;
}

function readFiles(folder: HostPath): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const part of ['files', 'patches']) {
    for (const path of filesBelow(join(folder, part))) {
      files.set(relative(folder, path), readFileSync(path));
    }
  }
  return files;
}

function isFile(path: HostPath): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function filesBelow(folder: HostPath): HostPath[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

function badRecipe(name: string, path: string, why: string): Problem {
  return {
    kind: 'bad-recipe',
    subject: name,
    message: `The recipe ${name} cannot be used: ${why}`,
    place: path,
    hint: `docs/recipes.md shows every field. Phases are ${PHASES.join(', ')}`,
  };
}

function unknownField(name: string, path: string, field: string, known: readonly string[]): Problem {
  return {
    kind: 'unknown-field',
    subject: name,
    message: `The recipe ${name} has the field ${field}, which does not exist`,
    place: path,
    hint: `Known are: ${known.join(', ')}`,
  };
}
