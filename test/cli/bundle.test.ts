import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { digestOfBytes } from '#base';
import { openRig, outcomes, PROJECT, type Rig, type Run } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

describe('a bundle carries sources to a machine without any network', () => {
  let online: Rig;
  let offline: Rig;
  let bundle = '';
  before(async () => {
    online = await openRig();
    offline = await openRig();
    bundle = join(online.cwd, 'toys.tar');
    await writeToyProfile(online, "packages: ['system/free', 'system/toy'],");
    await writeToy(online, 'toy', { sources: { '.': 'toy' }, build: 'grep -q toy README' });
    await writeToy(online, 'free', { sources: { '.': 'free' }, more: "license: 'GPL-3.0-or-later'," });
    await pinSources(online, ['toy', 'free']);
    await cp(online.overlay, offline.overlay, { recursive: true });
    for (const name of ['toy', 'free']) await rm(join(offline.overlay, `${name}.tar`));
  });
  after(async () => {
    await online[Symbol.asyncDispose]();
    await offline[Symbol.asyncDispose]();
  });

  const run = (rig: Rig, ...words: string[]): Promise<Run> => rig.run(...toyWords(rig), ...words);
  const list = (file: string): string[] =>
    execFileSync('tar', ['-tf', file], { encoding: 'utf8' }).trimEnd().split('\n');
  const digestIn = async (name: string) => digestOfBytes(await readFile(join(online.overlay, `${name}.tar`)));

  test('it is made by fetch, with the lists of pins as they are', async () => {
    const made = await run(online, 'fetch', '--bundle', 'toys.tar');
    assert.equal(made.exitCode, 0, made.stderr);
    assert.match(made.stderr, /write bundle: .*toys\.tar, 2 sources/);
    const sources = [await digestIn('toy'), await digestIn('free')].map((digest) => `sources/${digest}`);
    assert.deepEqual(list(bundle), [
      'index.json',
      'overlay/packages.list',
      'packages.list',
      ...sources.sort(),
    ]);
    const read = (name: string) => execFileSync('tar', ['-xOf', bundle, name], { encoding: 'utf8' });
    assert.equal(read('packages.list'), await readFile(join(PROJECT, 'config/packages.list'), 'utf8'));
    assert.equal(
      read('overlay/packages.list'),
      await readFile(join(online.overlay, 'packages.list'), 'utf8'),
    );
  });

  test('with --copyleft it holds what has to be offered, and nothing else', async () => {
    const made = await run(online, 'fetch', '--bundle', 'free.tar', '--copyleft');
    assert.equal(made.exitCode, 0, made.stderr);
    const sources = list(join(online.cwd, 'free.tar')).filter((name) => name.startsWith('sources/'));
    assert.deepEqual(sources, [`sources/${await digestIn('free')}`]);
    const named = await run(online, 'fetch', '--copyleft', 'toy');
    assert.deepEqual([named.exitCode, named.stdout], [0, '']);
  });

  test('without it there is nothing to be had there', async () => {
    const fetched = await run(offline, 'fetch', '--offline');
    assert.equal(fetched.exitCode, 1);
    assert.match(fetched.stderr, /No origin of/);
  });

  test('one that is damaged, not whole, of other sources or none at all is refused', async () => {
    const right = await readFile(bundle);
    const at = right.indexOf('A toy called toy');
    const cases: readonly (readonly [content: Buffer, message: RegExp])[] = [
      [flipped(right, at), /toys\.tar is damaged: for toy it gave sha256:/],
      [right.subarray(0, right.length - 2000), /is damaged: it is cut off/],
      [await readFile(join(online.cwd, 'free.tar')), /does not hold toy/],
      [Buffer.from('no bundle at all'), /is damaged: it ends/],
    ];
    for (const [content, message] of cases) {
      await writeFile(join(offline.cwd, 'toys.tar'), content);
      const fetched = await run(offline, 'fetch', '--offline', '--bundle', 'toys.tar');
      assert.equal(fetched.exitCode, 1);
      assert.match(fetched.stderr, message);
    }
    const build = await run(offline, 'build', '--offline', 'system/toy');
    assert.equal(build.exitCode, 1, 'nothing of them came to be taken for the source of toy');
  });

  test('from a right one everything comes, and builds need nothing else', async () => {
    const fetched = await run(offline, 'fetch', '--offline', '--bundle', bundle);
    assert.equal(fetched.exitCode, 0, fetched.stderr);
    assert.match(fetched.stdout, /^toy 1\.0, .*: from bundle:.*toys\.tar, verified by digest$/m);
    const built = await run(offline, 'build', '--offline', '--json', 'system/toy', 'system/free');
    assert.equal(built.exitCode, 0, built.stderr);
    assert.deepEqual(outcomes(built), { 'system/free': 'built', 'system/toy': 'built' });
  });

  test('a bundle that cannot be written leaves nothing', async () => {
    const made = await run(online, 'fetch', '--bundle', 'nowhere/toys.tar');
    assert.equal(made.exitCode, 2);
    assert.match(made.stderr, /nowhere\/toys\.tar cannot be written/);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

async function pinSources(rig: Rig, names: readonly string[]): Promise<void> {
  const lines: string[] = [];
  for (const name of names) {
    await mkdir(join(rig.folder, `${name}-1.0`));
    await writeFile(join(rig.folder, `${name}-1.0/README`), `A toy called ${name}.\n`);
    const file = join(rig.overlay, `${name}.tar`);
    execFileSync('tar', ['-cf', file, '-C', rig.folder, `${name}-1.0`]);
    const bytes = await readFile(file);
    lines.push(`${name} 1.0 file:${name}.tar sha256:${digestOfBytes(bytes)} ${bytes.length}\n`);
  }
  await rig.write('packages.list', lines.join(''));
}
