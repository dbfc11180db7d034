import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OwnedEntry } from './built-artifact.ts';
import { loaderCache } from './loader-cache.ts';
import { type Sample, testFolder, writeArtifact } from './testing.ts';

/** A real library; without a SONAME where none is given. */
function library(folder: string, soname?: string): Buffer {
  const [source, made] = [join(folder, 'source.c'), join(folder, 'made.so')];
  writeFileSync(source, 'int answer(void) { return 42; }\n');
  const named = soname === undefined ? [] : [`-Wl,-soname,${soname}`];
  const argv = ['-shared', '-fPIC', '-nostdlib', '-o', made, source, ...named];
  const { status, stderr } = spawnSync('gcc', argv, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return readFileSync(made);
}

/** What ships: libraries with their links, and what only looks like one. */
function samples(folder: string): Readonly<Record<string, Sample>> {
  return {
    '/usr/': { mode: '0755' },
    '/usr/lib/': { mode: '0755' },
    '/usr/lib/ld-linux-x86-64.so.2': library(folder, 'ld-linux-x86-64.so.2'),
    '/usr/lib/libx.so.10.2': library(folder, 'libx.so.10'),
    '/usr/lib/libx.so.10': { link: 'libx.so.10.2' },
    '/usr/lib/libx.so': { link: 'libx.so.10' },
    '/usr/lib/libx.so.9.9': library(folder, 'libx.so.9'),
    '/usr/lib/libx.so.9': { link: 'libx.so.9.9' },
    '/usr/lib/libplain.so': library(folder),
    '/usr/lib/libscript.so': 'INPUT(-lx)\n',
    '/usr/lib/plugin.so': library(folder, 'plugin.so'),
    '/usr/lib/deep/libdeep.so.1': library(folder, 'libdeep.so.1'),
    '/usr/bin/libprogram.so.1': library(folder, 'libprogram.so.1'),
  };
}

function entriesOf(folder: string, files: Readonly<Record<string, Sample>>): readonly OwnedEntry[] {
  const { manifest, tree, build } = writeArtifact(folder, 'system', files);
  return manifest.entries.map((entry) => ({ entry, build, hostPath: join(tree, entry.path) }));
}

function listed(cache: string): readonly string[] {
  const { stdout, stderr } = spawnSync('/sbin/ldconfig', ['-p', '-C', cache], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return stdout.split('\n').filter((line) => line.includes('=>'));
}

test('libraries that ship are found by the names that programs use, and nothing else is', async () => {
  using folder = testFolder();
  const file = await loaderCache(entriesOf(folder.path, samples(folder.path)));
  assert.equal(file?.path, '/etc/ld.so.cache');
  const cache = join(folder.path, 'cache');
  writeFileSync(cache, file.content);
  assert.deepEqual(
    listed(cache).map((line) => line.trim().split(' ')[0]),
    ['libx.so.10', 'libx.so.9', 'libx.so', 'libplain.so', 'ld-linux-x86-64.so.2'],
  );
});

const skip = process.getuid?.() === 0 ? false : 'ldconfig -r is for root';

test('it says the same as ldconfig itself would of that system', { skip }, async () => {
  using folder = testFolder();
  const entries = entriesOf(folder.path, samples(folder.path));
  const [own, root] = [join(folder.path, 'own.cache'), join(folder.path, 'system')];
  writeFileSync(own, (await loaderCache(entries))?.content ?? '');
  // The host's ldconfig may look elsewhere by itself, so it is told the folder.
  writeFileSync(join(root, 'conf'), '/usr/lib\n');
  const argv = ['-r', root, '-i', '-X', '-f', '/conf', '-C', '/theirs.cache'];
  const { status } = spawnSync('/sbin/ldconfig', argv, { encoding: 'utf8' });
  assert.equal(status, 0);
  assert.deepEqual(listed(own), listed(join(root, 'theirs.cache')));
});

test('a system with another loader, or a cache of its own, gets none', async () => {
  using folder = testFolder();
  const all = samples(folder.path);
  const { '/usr/lib/ld-linux-x86-64.so.2': loader, ...others } = all;
  assert.ok(loader !== undefined);
  assert.equal(await loaderCache(entriesOf(join(folder.path, 'one'), others)), undefined);
  assert.equal(
    await loaderCache(entriesOf(join(folder.path, 'two'), { ...all, '/etc/ld.so.cache': 'own' })),
    undefined,
  );
});
