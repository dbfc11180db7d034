import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const RECIPE = `
import { autotools, defineRecipe, type Recipe } from 'blazeneuro/recipe';
import { flags } from './flags.ts';

const recipe: Recipe = defineRecipe({
  name: 'hello',
  license: 'GPL-3.0-or-later',
  builds: { final: autotools({ configure: flags }) },
});
export default recipe;
`;

let folder = '';

before(async () => {
  // Outside of the project, and without a package.json: as an overlay is.
  folder = await mkdtemp(join(tmpdir(), 'overlay-'));
  await writeFile(join(folder, 'flags.ts'), `export const flags: string[] = ['--quick'];\n`);
  await writeFile(join(folder, 'recipe.ts'), RECIPE);
});
after(() => rm(folder, { recursive: true }));

test('a recipe outside of the project finds the language of recipes, and no warning is printed', async () => {
  const url = pathToFileURL(join(folder, 'recipe.ts')).href;
  const { stdout, stderr } = await runModule(`
    const { registerRecipeImports } = await import(${JSON.stringify(besideThis('recipe-imports.ts'))});
    registerRecipeImports();
    registerRecipeImports();
    const { default: recipe } = await import(${JSON.stringify(url)});
    const { X86_64 } = await import(${JSON.stringify(besideThis('../recipe/index.ts'))});
    console.log(recipe.sources['.'], recipe.builds.final({ stage: 'final', target: X86_64 }).phases.configure);
  `);
  assert.equal(stdout, 'hello ./configure --prefix=/usr --quick\n');
  assert.equal(stderr, '');
});

test('without the hook the same recipe finds nothing', async () => {
  const url = pathToFileURL(join(folder, 'recipe.ts')).href;
  await assert.rejects(
    runModule(`await import(${JSON.stringify(url)});`),
    /Cannot find package 'blazeneuro'/,
  );
});

test('a profile outside of the project extends one of the project by its name', async () => {
  const path = join(folder, 'mine.ts');
  await writeFile(
    path,
    `import base from 'blazeneuro/profiles/minimal';
     import { extendProfile } from 'blazeneuro/recipe';
     export default extendProfile(base, { name: 'mine', packages: [...base.packages, 'final/tree'] });`,
  );
  const { stdout, stderr } = await runModule(`
    const { registerRecipeImports } = await import(${JSON.stringify(besideThis('recipe-imports.ts'))});
    registerRecipeImports();
    const { default: profile } = await import(${JSON.stringify(pathToFileURL(path).href)});
    console.log(profile.name, profile.hostname, profile.packages.includes('final/bash'), profile.packages.at(-1));
  `);
  assert.equal(stdout, 'mine blazeneuro true final/tree\n');
  assert.equal(stderr, '');
});

function besideThis(path: string): string {
  return new URL(path, import.meta.url).href;
}

/** In a process of its own: a hook cannot be taken back. */
function runModule(text: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return promisify(execFile)(process.execPath, ['--input-type=module', '--eval', text], { cwd: tmpdir() });
}
