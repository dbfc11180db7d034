/**
 * Run once when npm's packages were installed: loads all that a build loads, so that Node keeps it compiled. The first
 * build then has no need of Node's compiler for TypeScript, which would stay in its memory (some 20 MB) for hours.
 */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache();
const { readRecipes, profileNames, readProfile } = await import('#config');
const { PROJECT_ROOT } = await import('./locations.ts');
await import('./last-look.ts');
await import('./told-run.ts');
await import('./program-line.ts');
await import('./build-command.ts');
await import('./carry-out.ts');
const profiles = [join(PROJECT_ROOT, 'config', 'profiles')];
// What is wrong with a recipe or profile is told by the command that needs it.
await readRecipes([join(PROJECT_ROOT, 'recipes')]);
for (const name of await profileNames(profiles)) await readProfile(name, profiles);
flushCompileCache();
