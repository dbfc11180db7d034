import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { HostPath } from '#base';

/** The name that every recipe and profile imports, ours and a user's. */
const NAME = 'blazeneuro/recipe';

/** How an overlay names a profile of the project's, to extend it: the word behind is its name. */
const PROFILES = 'blazeneuro/profiles/';

/** What this program is made of; what it imports itself is no matter of recipes. */
const OURS = ['../', '../../node_modules/'].map((folder) => new URL(folder, import.meta.url).href);

let isRegistered = false;
const imported = new Set<string>();

/** What recipes and profiles have imported so far, besides the language of recipes. */
export type RecipeImports = {
  /** Files that lie anywhere. */
  readonly files: readonly HostPath[];
  /** Whether these are all that recipes can have read: who imports `node:fs` can read what nobody knows of. */
  readonly areFilesOnly: boolean;
};

/** What recipes and profiles have imported so far. */
export function recipeImports(): RecipeImports {
  const urls = [...imported];
  const files = urls.filter((url) => url.startsWith('file:'));
  return { files: files.map((url) => fileURLToPath(url)), areFilesOnly: files.length === urls.length };
}

/**
 * Makes `blazeneuro/recipe` resolve to this program's own language of recipes, and `blazeneuro/profiles/NAME` to a
 * profile of the project, for a recipe or profile in any folder: an overlay has no node_modules of its own. To be
 * called before the first recipe is imported; again does nothing.
 */
export function registerRecipeImports(): void {
  if (isRegistered) return;
  isRegistered = true;
  // By way of our own door, which is the source in a checkout and the compiled one in an installed package.
  const language = import.meta.resolve('#recipe');
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(
        specifier === NAME ? language : (profileUrl(specifier) ?? specifier),
        context,
      );
      if (specifier !== NAME && !isOurs(context.parentURL)) imported.add(resolved.url);
      // Without a package.json beside it, Node would guess what a recipe is, and warn. It is always a module.
      return isTypeScript(resolved.url) ? { ...resolved, format: 'module-typescript' } : resolved;
    },
  });
}

function profileUrl(specifier: string): string | undefined {
  if (!specifier.startsWith(PROFILES)) return undefined;
  const name = specifier.slice(PROFILES.length);
  return new URL(`../../config/profiles/${encodeURIComponent(name)}.ts`, import.meta.url).href;
}

function isOurs(url: string | undefined): boolean {
  return url === undefined || OURS.some((folder) => url.startsWith(folder));
}

function isTypeScript(url: string): boolean {
  return url.startsWith('file:') && url.endsWith('.ts');
}
