import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { unwrap } from '#base';
import { X86_64 } from '#recipe';
import { chooseWay, missingTools, recipeText, type Way } from './recipe-text.ts';
import { readRecipes } from './recipes.ts';

const RECIPES = new Set(['autoconf', 'automake', 'libtool', 'pkgconf', 'glibc']);
const license = { license: 'GPL-3.0-or-later' };

const TOPS: Readonly<Record<Way, readonly string[]>> = {
  configure: ['Makefile', 'configure', 'configure.ac', 'meson.build'],
  meson: ['CMakeLists.txt', 'configure.ac', 'meson.build'],
  autoreconf: ['Makefile', 'configure.ac'],
  make: ['CMakeLists.txt', 'Makefile'],
  cmake: ['CMakeLists.txt'],
  unknown: ['README'],
};

function textFor(way: Way, makefile = ''): string {
  const texts = new Map([['Makefile', makefile]]);
  return recipeText('toy', { names: TOPS[way], texts, license }, RECIPES);
}

/** Reads a recipe as the program does. */
async function readBack(t: TestContext, text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'recipe-text-'));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'toy'));
  await writeFile(join(folder, 'toy', 'recipe.ts'), text);
  const recipe = unwrap(await readRecipes([folder])).get('toy')?.recipe;
  return { recipe, build: recipe?.builds.final?.({ stage: 'final', target: X86_64 }) };
}

test('the files of the top folder decide on the way', () => {
  for (const [way, names] of Object.entries(TOPS)) assert.equal(chooseWay({ names }), way);
});

test('every recipe passes our checks, has sorted needs, and installs something', async (t) => {
  for (const way of Object.keys(TOPS) as Way[]) {
    const { recipe, build } = await readBack(t, textFor(way));
    assert.equal(recipe?.license, 'GPL-3.0-or-later');
    assert.deepEqual(build?.needs, build?.needs.toSorted());
    assert.ok(build?.needs.includes('glibc'));
    assert.ok(build?.phases.install?.includes('install'), way);
  }
});

test('a recipe is as short as those that people write', () => {
  assert.equal(
    textFor('configure'),
    `import { autotools, defineRecipe } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'toy',
  license: 'GPL-3.0-or-later',
  builds: {
    // Not in LFS.
    final: autotools({ needs: ['glibc'] }),
  },
});
`,
  );
  assert.ok(textFor('autoreconf').includes('prepare: sh`autoreconf -fi`'));
});

test('what no recipe makes is said, and is no need: else no plan could be made', async (t) => {
  assert.deepEqual(missingTools('meson', RECIPES), ['meson', 'ninja']);
  const text = textFor('meson');
  assert.match(text, /\/\/ It takes meson, of which there is no recipe\./);
  assert.deepEqual((await readBack(t, text)).build?.needs, ['glibc', 'pkgconf']);
});

test('a Makefile decides how it is told of places and flags', () => {
  const honours = textFor('make', 'CFLAGS = -O2\nMANDIR ?= x\ninstall:\n\tcp toy $(DESTDIR)$(PREFIX)/bin\n');
  assert.match(honours, /build: sh`make PREFIX=\/usr prefix=\/usr MANDIR=\S+ CFLAGS="\$CFLAGS" /);
  assert.match(honours, /DESTDIR=\$OUT install/);
  const own = textFor('make', 'CFLAGS += -O2\nDESTDIR = $(PREFIX)/bin\ninstall:\n\tcp toy $(DESTDIR)/toy\n');
  assert.match(own, /install: sh`make PREFIX=\$OUT\/usr prefix=\$OUT\/usr install`/);
  assert.ok(!own.includes('$CFLAGS'));
});

test('a doubt about the licence stands above it', () => {
  const doubtful = { license: 'LicenseRef-unknown', doubt: 'No file tells.' };
  const text = recipeText('toy', { names: [], texts: new Map(), license: doubtful }, RECIPES);
  assert.match(
    text,
    /\/\/ No file tells\. An SPDX expression belongs here\.\n {2}license: 'LicenseRef-unknown',/,
  );
});

test('nothing that an archive says can get out of a comment', async (t) => {
  const doubt = 'See ./a\rthrow 1;\u2028throw 2;\nthrow 3;\u001b[31m.c';
  const text = recipeText(
    'toy',
    { names: [], texts: new Map(), license: { license: 'MIT', doubt } },
    RECIPES,
  );
  assert.match(text, /\/\/ See \.\/a\?throw 1;\?throw 2;\?throw 3;\?\[31m\.c An SPDX/);
  assert.equal((await readBack(t, text)).recipe?.license, 'MIT');
});
