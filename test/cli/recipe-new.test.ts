import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { digestOfBytes } from '#base';
import { openRig, type Rig } from '../rig.ts';

let rig: Rig;
/** An overlay that is not there yet. */
let fresh = '';
beforeEach(async () => {
  rig = await openRig();
  fresh = join(rig.folder, 'fresh');
});
afterEach(() => rig[Symbol.asyncDispose]());

/** Makes toy-1.0.tar.gz in the working folder, as upstream would. */
async function writeArchive(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(rig.folder, 'toy-1.0', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const archive = join(rig.cwd, 'toy-1.0.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', rig.folder, 'toy-1.0']);
  return digestOfBytes(await readFile(archive));
}

const newToy = (...words: string[]) =>
  rig.run('--config', fresh, ...words, 'recipe', 'new', 'toy', 'file:toy-1.0.tar.gz');
const inFresh = (path: string) => readFile(join(fresh, path), 'utf8');

test('a new package has a pin, a recipe and a place in the profile, in a folder that was not there', async () => {
  const digest = await writeArchive({
    configure: '#!/bin/sh\n',
    'configure.ac': 'AC_CHECK_LIB([ncursesw], [refresh])\n',
    COPYING: 'GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007\n',
    'src/toy.c': '/* GNU General Public License … any later version. */\n',
  });
  const run = await newToy();
  assert.equal(run.exitCode, 0, run.stderr);
  assert.match(
    await inFresh('packages.list'),
    new RegExp(`^toy 1\\.0 file:\\.\\./cwd/toy-1\\.0\\.tar\\.gz sha256:${digest} \\d+$`, 'm'),
  );
  const recipe = await inFresh('recipes/toy/recipe.ts');
  assert.match(recipe, /license: 'GPL-3\.0-or-later'/);
  assert.match(recipe, /final: autotools\(\{ needs: \['glibc'\] \}\)/);
  assert.match(await inFresh('profiles/minimal.ts'), /packages: \[\.\.\.base\.packages, 'final\/toy'\]/);
  assert.match(run.stderr, /mention ncurses/);

  // Both commands that it names are of this overlay; the first is what a person runs next.
  const commands = [...run.stderr.matchAll(/^ {2}blazeneuro (.+)$/gm)].map(([, words = '']) =>
    words.split(' '),
  );
  assert.deepEqual(commands, [
    ['--config', fresh, 'build', 'final/toy'],
    ['--config', fresh, 'build'],
  ]);
  const plan = await rig.run('--config', fresh, 'plan');
  assert.equal(plan.exitCode, 0, plan.stderr);
  assert.match(plan.stdout, /^to do +final\/toy 1\.0 /m);
  const fetch = await rig.run('--config', fresh, 'fetch', 'toy');
  assert.match(fetch.stdout, /^toy 1\.0, .*: in the store already/m);
});

test('another profile of the overlay is begun, and one that is there gets a line', async () => {
  await writeArchive({ Makefile: 'install:\n\tcp toy $(DESTDIR)$(PREFIX)/bin\n' });
  const run = await newToy('--profile', 'mine');
  assert.equal(run.exitCode, 0, run.stderr);
  assert.match(await inFresh('profiles/mine.ts'), /from 'blazeneuro\/profiles\/minimal'[\s\S]*name: 'mine'/);
  assert.match(
    await inFresh('recipes/toy/recipe.ts'),
    /install: sh`make PREFIX=\/usr prefix=\/usr DESTDIR=\$OUT install`/,
  );

  const words = ['--config', fresh, '--profile', 'mine', 'recipe', 'new', 'toy2', 'file:toy-1.0.tar.gz'];
  assert.equal((await rig.run(...words)).exitCode, 0);
  assert.match(await inFresh('profiles/mine.ts'), /\[\.\.\.base\.packages, 'final\/toy', 'final\/toy2'\]/);
});

test('--dry-run says, and writes nothing', async () => {
  await writeArchive({ 'CMakeLists.txt': 'project(toy)\n' });
  const run = await newToy('--dry-run');
  assert.equal(run.exitCode, 0, run.stderr);
  assert.match(run.stdout, /cmake/);
  assert.match(run.stderr, /takes cmake, of which there is no recipe[\s\S]*Nothing was written/);
  await assert.rejects(readdir(fresh), { code: 'ENOENT' });
});

test('for programs there is one line of JSON', async () => {
  await writeArchive({ README: 'Nothing to build.\n' });
  const run = await newToy('--json');
  const made = JSON.parse(run.stdout.trimEnd().split('\n').at(-1) ?? '');
  assert.equal(made.type, 'recipe-made');
  assert.deepEqual([made.recipe, made.commands.length], [join(fresh, 'recipes/toy/recipe.ts'), 2]);
});

describe('nothing is overwritten', () => {
  const refused = async (message: RegExp, ...words: string[]): Promise<void> => {
    const run = await rig.run('--config', rig.overlay, 'recipe', 'new', ...words);
    assert.equal(run.exitCode, 4, run.stderr);
    assert.match(run.stderr, message);
    assert.equal(run.stdout, '');
  };

  test('neither a recipe of the folder, nor one of the project, nor a pin', async () => {
    await writeArchive({ configure: '' });
    await rig.write('recipes/toy/recipe.ts', 'mine');
    await rig.write('packages.list', `pinned 1 file:x sha256:${digestOfBytes('x')} 1\n`);
    await refused(/a recipe toy already/, 'toy', 'file:toy-1.0.tar.gz');
    await refused(/a recipe grep already/, 'grep', 'file:toy-1.0.tar.gz');
    await refused(/pinned 1 is pinned already/, 'pinned', 'file:toy-1.0.tar.gz');
    assert.equal(await readFile(join(rig.overlay, 'recipes/toy/recipe.ts'), 'utf8'), 'mine');
    assert.deepEqual((await readdir(rig.overlay)).toSorted(), ['packages.list', 'recipes']);
  });
});

test('what is no archive, no name, and tells no version, leaves nothing', async () => {
  await writeFile(join(rig.cwd, 'toy-1.0.tar.gz'), 'no archive');
  await writeFile(join(rig.cwd, 'toy.tar.gz'), 'no archive');
  for (const [exitCode, message, ...words] of [
    [1, /toy-1\.0\.tar\.gz of toy cannot be unpacked/, 'toy', 'file:toy-1.0.tar.gz'],
    [1, /ENOENT/, 'toy', 'file:toy-1.1.tar.gz'],
    [2, /does not tell the version[\s\S]*recipe new toy file:toy\.tar\.gz VERSION/, 'toy', 'file:toy.tar.gz'],
    [2, /Not a name: Toy/, 'Toy', 'file:toy-1.0.tar.gz'],
    [2, /Not an origin: http:/, 'toy', 'http://a.example/toy-1.0.tar.gz'],
    [2, /missing required argument/, 'toy'],
  ] as const) {
    const run = await rig.run('--config', fresh, 'recipe', 'new', ...words);
    assert.equal(run.exitCode, exitCode, run.stderr);
    assert.match(run.stderr, message);
    await assert.rejects(readdir(fresh), { code: 'ENOENT' });
  }
});
