import { registerHooks } from 'node:module';

/** The name that every recipe and profile imports, ours and a user's. */
const NAME = 'blazeneuro/recipe';

let isRegistered = false;

/**
 * Makes `blazeneuro/recipe` resolve to this program's own language of recipes, for a recipe in any folder: an
 * overlay has no node_modules of its own. To be called before the first recipe is imported; again does nothing.
 */
export function registerRecipeImports(): void {
  if (isRegistered) return;
  isRegistered = true;
  // By way of our own door, which is the source in a checkout and the compiled one in an installed package.
  const language = import.meta.resolve('#recipe');
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier === NAME ? language : specifier, context);
      // Without a package.json beside it, Node would guess what a recipe is, and warn. It is always a module.
      return isTypeScript(resolved.url) ? { ...resolved, format: 'module-typescript' } : resolved;
    },
  });
}

function isTypeScript(url: string): boolean {
  return url.startsWith('file:') && url.endsWith('.ts');
}
