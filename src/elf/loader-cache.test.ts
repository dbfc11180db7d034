import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compareLibraryNames, encodeLoaderCache } from './loader-cache.ts';

const folder = mkdtempSync(join(tmpdir(), 'loader-cache-'));
after(() => rmSync(folder, { recursive: true }));

const IN_ORDER = [
  'ld-linux-x86-64.so.2',
  'libx-2.so',
  'libx.so',
  'libx.so.9',
  'libx.so.10',
  'libz.so',
  'libz.so.1',
];

test('names are in the order of the loader, which counts', () => {
  assert.deepEqual([...IN_ORDER].reverse().sort(compareLibraryNames), IN_ORDER);
  assert.deepEqual(['lib1', 'liba', 'lib-'].sort(compareLibraryNames), ['lib-', 'liba', 'lib1']);
  assert.equal(compareLibraryNames('libc.so.06', 'libc.so.6'), 0);
});

test('ldconfig reads what is written, from the largest name to the smallest', () => {
  const path = join(folder, 'ld.so.cache');
  const libraries = IN_ORDER.map((name) => ({ name, path: `/usr/lib/${name}` }));
  writeFileSync(path, encodeLoaderCache(libraries));
  const { stdout, stderr } = spawnSync('/sbin/ldconfig', ['-p', '-C', path], { encoding: 'utf8' });
  assert.equal(stderr, '');
  const lines = stdout.split('\n').filter((line) => line.includes('=>'));
  const expected = IN_ORDER.toReversed().map((name) => `\t${name} (libc6,x86-64) => /usr/lib/${name}`);
  assert.deepEqual(lines, expected);
});

test('a system without libraries has an empty cache', () => {
  const path = join(folder, 'empty.cache');
  writeFileSync(path, encodeLoaderCache([]));
  assert.match(spawnSync('/sbin/ldconfig', ['-p', '-C', path], { encoding: 'utf8' }).stdout, /^0 libs found/);
});
