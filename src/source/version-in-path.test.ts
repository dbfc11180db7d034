import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathAtVersion, versionedParts, versionInPath } from './version-in-path.ts';

test('the name of an archive tells its version', () => {
  const names = {
    'https://a.example/tree/tree-2.2.1.tgz': '2.2.1',
    'https://a.example/archive/v1.0-rc2.tar.gz': '1.0-rc2',
    'gmp_6.3.0+dfsg.orig.tar.xz': '6.3.0',
    'tzdata2025b.tar.gz': '2025b',
    'expat-R_2_6_4.tar.gz': '2.6.4',
    'bzip2-1.0.8.tar.gz': '1.0.8',
    'jq.tar.gz': undefined,
    'tree-2.2.1.html': undefined,
  };
  for (const [name, version] of Object.entries(names)) assert.equal(versionInPath(name), version, name);
});

test('a path is moved to another version wherever it names the old one', () => {
  const moved: readonly (readonly [string, string, string, string | undefined])[] = [
    ['grep/grep-3.11.tar.xz', '3.11', '3.12', 'grep/grep-3.12.tar.xz'],
    ['gcc/gcc-14.2.0/gcc-14.2.0.tar.xz', '14.2.0', '15.1.0', 'gcc/gcc-15.1.0/gcc-15.1.0.tar.xz'],
    ['v2.40/util-linux-2.40.4.tar.xz', '2.40.4', '2.41', 'v2.41/util-linux-2.41.tar.xz'],
    ['R_2_6_4/expat-2.6.4.tar.xz', '2.6.4', '2.7.0', 'R_2_7_0/expat-2.7.0.tar.xz'],
    ['8.2/x-18.2-8.2.tar', '8.2', '8.3', '8.3/x-18.2-8.3.tar'],
    ['latest.tar.gz', '1.0', '1.1', undefined],
    ['x-1.0.1.tar.gz', '1.0', '1.1', undefined],
    ['x-1.0.tar.gz', '1.0', '1.0', 'x-1.0.tar.gz'],
  ];
  for (const [path, from, to, expected] of moved) assert.equal(pathAtVersion(path, from, to), expected, path);
});

test('a path tells in which folders other versions lie, and what they are called there', () => {
  const [file, series] = versionedParts('linux/v2.40/util-linux-2.40.4.tar.xz', '2.40.4');
  assert.equal(file?.folder, 'linux/v2.40');
  assert.equal(file?.entry.exec('util-linux-2.40.10.tar.gz')?.[1], '2.40.10');
  assert.equal(file?.entry.exec('util-linux-2.41-rc1.tar.xz')?.[1], '2.41-rc1');
  for (const other of [
    'util-linux-2.40.4.tar.sign',
    'libutil-linux-2.41.tar.xz',
    'util-linux-2.41-dev.html',
  ]) {
    assert.equal(file?.entry.test(other), false, other);
  }
  assert.equal(series?.folder, 'linux');
  assert.equal(series?.entry.exec('v2.41')?.[1], '2.41');
  assert.equal(series?.entry.test('v2.x'), false);
  assert.deepEqual(versionedParts('latest.tar.gz', '1.0'), []);
});
