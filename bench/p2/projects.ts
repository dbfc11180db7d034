import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CPackage, type Size, writePackage } from './c-packages.ts';

/** The packages as a folder for `--config`, and one that needs them all. */
export async function writeOverlay(packages: readonly CPackage[], size: Size, folder: string): Promise<void> {
  for (const own of packages) {
    const recipe = join(folder, 'recipes', own.name);
    await writePackage(own, size, join(recipe, 'files'));
    await writeFile(join(recipe, 'recipe.ts'), recipeText(own));
  }
  const all = join(folder, 'recipes/package-all');
  await mkdir(all, { recursive: true });
  await writeFile(join(all, 'recipe.ts'), allText(packages.map(({ name }) => name)));
}

function recipeText({ name, needs }: CPackage): string {
  return `import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: '${name}', license: 'MIT', sources: {},
  builds: {
    system: script({
      sandbox: 'cross', base: 'none', needs: ${JSON.stringify(needs)},
      prepare: sh\`cp -R $FILES/. .\`,
      configure: sh\`sh ./configure\`,
      build: sh\`make\`,
      install: sh\`make install DESTDIR=$OUT\`,
    }),
  },
});
`;
}

function allText(names: readonly string[]): string {
  return `import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'package-all', license: 'MIT', sources: {},
  builds: {
    system: script({
      sandbox: 'cross', base: 'none', needs: ${JSON.stringify(names)},
      install: sh\`mkdir -p $OUT/usr/share; echo all > $OUT/usr/share/package-all\`,
    }),
  },
});
`;
}

/** The packages beside each other, with a Makefile, a build.ninja and a script over them. */
export async function writeHostProject(
  packages: readonly CPackage[],
  size: Size,
  folder: string,
  jobs: number,
): Promise<void> {
  for (const own of packages) await writePackage(own, size, join(folder, own.name));
  await mkdir(join(folder, 'done'), { recursive: true });
  await writeFile(join(folder, 'Makefile'), makefileText(packages));
  await writeFile(join(folder, 'wide.ninja'), ninjaText(packages, `make -j${jobs}`));
  await writeFile(join(folder, 'narrow.ninja'), ninjaText(packages, 'make'));
  await writeFile(join(folder, 'script'), scriptText(packages, jobs));
}

function buildLine(name: string, make: string): string {
  return `cd ${name} && sh ./configure && ${make} && ${make} install DESTDIR=../installed`;
}

function doneOf(names: readonly string[]): string {
  return names.map((name) => `done/${name}`).join(' ');
}

/** `$(MAKE)` hands the jobserver on, so that all packages share the jobs of one -j. */
function makefileText(packages: readonly CPackage[]): string {
  const rules = packages.map(
    ({ name, needs }) => `done/${name}: ${doneOf(needs)}\n\t${buildLine(name, '$(MAKE)')}\n\ttouch $@\n`,
  );
  return [`all: ${doneOf(packages.map(({ name }) => name))}\n`, ...rules].join('\n');
}

function ninjaText(packages: readonly CPackage[], make: string): string {
  const rule = `rule package\n  command = ${buildLine('$name', make)} && touch ../$out\n`;
  const edges = packages.map(
    ({ name, needs }) => `build done/${name}: package | ${doneOf(needs)}\n  name = ${name}\n`,
  );
  return [rule, ...edges].join('\n');
}

/** One package after another, as LFS is built by hand. */
function scriptText(packages: readonly CPackage[], jobs: number): string {
  return ['set -eu', ...packages.map(({ name }) => `(${buildLine(name, `make -j${jobs}`)})`), ''].join('\n');
}
