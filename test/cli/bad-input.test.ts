import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { openRig, PROJECT, type Rig, type Run } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
  await writeToyProfile(rig);
  await writeToy(rig, 'toy');
});
afterEach(() => rig[Symbol.asyncDispose]());

const plan = (...words: string[]) => rig.run(...toyWords(rig), 'plan', ...words);
const build = (...words: string[]) => rig.run(...toyWords(rig), 'build', ...words);

/** The exit code, and every part in what people read; results stay empty. */
function expectProblem(run: Run, exitCode: number, ...parts: string[]): void {
  assert.equal(run.exitCode, exitCode, run.stderr);
  assert.equal(run.stdout, '');
  for (const part of parts) assert.ok(run.stderr.includes(part), `${part} is not in:\n${run.stderr}`);
}

describe('what does not exist', () => {
  test('a command, a flag', async () => {
    expectProblem(await rig.run('bild'), 2, 'bild', 'build');
    expectProblem(await rig.run('plan', '--profil', 'toy'), 2, '--profil');
    expectProblem(await rig.run('plan', '--jobs', 'many'), 2, '--jobs', 'whole number');
    expectProblem(await rig.run('fetch', '--origins', 'mirror,ftp'), 2, '--origins', 'mirror,https,apt,file');
  });

  test('a machine to boot in', async () => {
    expectProblem(await rig.run('boot', '--bus', 'floppy'), 2, '--bus', 'usb, ehci');
    for (const memory of ['0', '2G', '-1', '']) {
      expectProblem(await rig.run('boot', '--memory', memory), 2, '--memory', 'MiB');
    }
  });

  test('a profile', async () => {
    const run = await rig.run('plan', '--profile', 'tiny', '--config', rig.overlay);
    expectProblem(run, 2, 'There is no profile tiny', 'Known are: base, minimal, toy');
  });

  test('an overlay folder', async () => {
    expectProblem(await rig.run('plan', '--config', join(rig.folder, 'nowhere')), 2, 'nowhere');
  });

  test('a target, a stage, a build to build again', async () => {
    expectProblem(await plan('toy'), 2, 'There is no target toy', 'Did you mean system/toy?');
    expectProblem(await plan('6'), 2, 'There is no target 6', 'prepare, toolchain');
    expectProblem(await build('system/toy', '--rebuild', 'system/toi'), 2, 'system/toi');
  });

  test('a field of a recipe or a profile', async () => {
    await writeToy(rig, 'toy', { more: 'licence: "MIT",' });
    const inRecipe = join(rig.overlay, 'recipes/toy/recipe.ts');
    expectProblem(await plan('system/toy'), 2, 'the field licence', inRecipe, 'license');
    await writeToy(rig, 'toy');
    await writeToyProfile(rig, 'package: [],');
    const inProfile = join(rig.overlay, 'profiles/toy.ts');
    expectProblem(await plan('system/toy'), 2, 'the field package', inProfile, 'packages');
  });

  test('a package of a profile, a kernel fragment', async () => {
    await writeToyProfile(rig, "packages: ['system/toi'],");
    expectProblem(await plan(), 2, 'The profile toy ships system/toi', join('profiles/toy.ts'));
    await writeToyProfile(rig, "kernel: { build: 'system/toy', fragments: ['toi'], commandLine: [] },");
    expectProblem(await plan(), 2, 'the kernel fragment toi');
  });

  test('a need, a source', async () => {
    await writeToy(rig, 'toy', { needs: ['toi'] });
    expectProblem(await plan('system/toy'), 2, 'system/toy needs toi', 'recipes/toy/recipe.ts');
    await writeToy(rig, 'toy', { sources: { '.': 'toi' } });
    expectProblem(await plan('system/toy'), 2, 'takes the source toi', 'packages.list');
  });
});

describe('what cannot be', () => {
  test('needs in a circle, long or short', async () => {
    await writeToy(rig, 'toy', { needs: ['other'] });
    await writeToy(rig, 'other', { needs: ['toy'] });
    expectProblem(await plan('system/toy'), 2, 'system/other → system/toy → system/other');
    await writeToy(rig, 'toy', { needs: ['toy'] });
    await rm(join(rig.overlay, 'recipes/other'), { recursive: true });
    expectProblem(await plan('system/toy'), 2, 'system/toy → system/toy');
  });

  test('a line of packages.list that is none', async () => {
    await rig.write('packages.list', '# pins\ntoy 1 somewhere\n');
    expectProblem(await plan('system/toy'), 2, join(rig.overlay, 'packages.list:2'));
  });

  test('a recipe that throws, and one of another name', async () => {
    await rig.write('recipes/toy/recipe.ts', 'throw new Error("a slip");');
    expectProblem(await plan('system/toy'), 2, 'The recipe toy', 'a slip', 'recipes/toy/recipe.ts');
    await writeToy(rig, 'other');
    await rig.write(
      'recipes/toy/recipe.ts',
      await readFile(join(rig.overlay, 'recipes/other/recipe.ts'), 'utf8'),
    );
    expectProblem(await plan('system/toy'), 2, 'its name is other, and its folder says toy');
  });
});

test('a source with the wrong digest is refused, and nothing is built or lost', async () => {
  await mkdir(join(rig.folder, 'toy-1'));
  await writeFile(join(rig.folder, 'toy-1/README'), 'A toy.\n');
  execFileSync('tar', ['-cf', join(rig.overlay, 'toy-1.tar'), '-C', rig.folder, 'toy-1']);
  const expected = '0'.repeat(64);
  await rig.write('packages.list', `toy 1 file:toy-1.tar sha256:${expected} -\n`);
  await writeToy(rig, 'toy', { sources: { '.': 'toy' } });
  const run = await build('system/toy');
  expectProblem(run, 1, 'toy', expected);
  const [actual = ''] = execFileSync('sha256sum', [join(rig.overlay, 'toy-1.tar')], {
    encoding: 'utf8',
  }).split(' ');
  assert.ok(run.stderr.includes(actual), run.stderr);

  await rig.write('packages.list', `toy 1 file:toy-1.tar sha256:${actual} -\n`);
  assert.equal((await build('system/toy')).exitCode, 0);
});

test('a store of another version is left alone', async () => {
  assert.equal((await build('system/toy')).exitCode, 0);
  await writeFile(join(rig.store, 'version'), '99\n');
  expectProblem(await build('system/toy'), 3, rig.store, 'version 99', 'BLAZENEURO_STORE');
  assert.equal(await readFile(join(rig.store, 'version'), 'utf8'), '99\n');
});

test('an overlay lies above the project: everything of ours is still there', async () => {
  const run = await rig.run('plan', 'prepare/layout', '--config', rig.overlay);
  assert.equal(run.exitCode, 0, run.stderr);
  assert.ok(PROJECT !== rig.overlay && run.stdout.includes('prepare/layout'), run.stdout);
});
