import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import type { HostPath } from '#base';
import { closureOf, interpreterOf } from './closure.ts';
import { makeInitrd } from './initrd.ts';
import { chooseEntries } from './root-tree.ts';
import { elfSample, hasProgram, type Sample, testFolder, writeArtifact } from './testing.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const TREE: Record<string, Sample> = {
  '/bin': { link: 'usr/bin' },
  '/lib': { link: 'usr/lib' },
  '/lib64/': { mode: '0755' },
  [LOADER]: { link: '../usr/lib/ld-2.42.so' },
  '/usr/bin/sh': { link: 'bash' },
  '/usr/bin/bash': elfSample(LOADER, ['libtinfo.so.6', 'libc.so.6']),
  '/usr/bin/mount': elfSample(LOADER, ['libmount.so.1']),
  '/usr/bin/unused': elfSample(LOADER, ['libunused.so.1']),
  '/usr/lib/ld-2.42.so': elfSample(undefined, []),
  '/usr/lib/libc.so.6': elfSample(undefined, ['ld-2.42.so']),
  '/usr/lib/libtinfo.so.6': { link: 'libtinfo.so.6.5' },
  '/usr/lib/libtinfo.so.6.5': elfSample(undefined, ['libc.so.6']),
  '/usr/lib/libmount.so.1': elfSample(undefined, ['libblkid.so.1']),
  '/usr/lib/libblkid.so.1': elfSample(undefined, ['libc.so.6']),
  '/usr/lib/initrd/init': '#!/bin/sh\nexec mount\n',
};

function entriesOf(folder: HostPath, samples: Record<string, Sample>) {
  const artifact = writeArtifact(folder, 'final/all', samples);
  const chosen = chooseEntries([artifact], [], (_, path) => join(artifact.tree, path));
  if (!chosen.ok) assert.fail(chosen.problem.message);
  return chosen.value;
}

test('programs bring their loader, libraries, symlinks and folders, and nothing else', async () => {
  using folder = testFolder();
  const closure = await closureOf(entriesOf(folder.path, TREE), ['/usr/lib/initrd/init', '/usr/bin/mount']);
  if (!closure.ok) assert.fail(closure.problem.message);
  const expected = [...Object.keys(TREE), '/usr', '/usr/bin', '/usr/lib', '/usr/lib/initrd']
    .map((path) => (path === '/lib64/' ? '/lib64' : path))
    .filter((path) => path !== '/usr/bin/unused' && path !== '/lib');
  assert.deepEqual(
    closure.value.map(({ entry }) => entry.path),
    expected.sort(),
  );
});

test('a library that no package has is named, with who asks for it', async () => {
  using folder = testFolder();
  const { '/usr/lib/libblkid.so.1': _, ...rest } = TREE;
  const closure = await closureOf(entriesOf(folder.path, rest), ['/usr/bin/mount']);
  assert.ok(!closure.ok);
  assert.equal(closure.problem.subject, '/usr/lib/libblkid.so.1');
  assert.match(closure.problem.message, /since \/usr\/lib\/libmount\.so\.1 asks for it/);
});

test('symlinks in a circle lead nowhere', async () => {
  using folder = testFolder();
  const circle = { '/a': { link: 'b' }, '/b': { link: '/a' } };
  assert.ok(!(await closureOf(entriesOf(folder.path, circle), ['/a'])).ok);
});

test("a script's interpreter is read from its first line only", () => {
  assert.deepEqual(interpreterOf(Buffer.from('#! /bin/bash -e\n')), ['/bin/bash']);
  assert.deepEqual(interpreterOf(Buffer.from('echo\n#!/bin/bash\n')), []);
  assert.deepEqual(interpreterOf(Buffer.alloc(0)), []);
});

test('the initrd holds init, console and the closure', { skip: !hasProgram('cpio') }, async () => {
  using folder = testFolder();
  const entries = entriesOf(folder.path, TREE);
  const request = { init: '/usr/lib/initrd/init', programs: ['/usr/bin/mount'] };
  const initrd = await makeInitrd(entries, request, 1735689600);
  if (!initrd.ok) assert.fail(initrd.problem.message);
  const listed = spawnSync('cpio', ['-t', '--quiet'], {
    input: zstdDecompressSync(initrd.value.bytes),
    encoding: 'utf8',
  });
  assert.equal(listed.stderr, '');
  assert.equal(
    listed.stdout,
    `bin dev dev/console dev/null init lib lib64 lib64/ld-linux-x86-64.so.2 proc run sys tmp usr usr/bin usr/bin/bash
usr/bin/mount usr/bin/sh usr/lib usr/lib/initrd usr/lib/initrd/init usr/lib/ld-2.42.so usr/lib/libblkid.so.1
usr/lib/libc.so.6 usr/lib/libmount.so.1 usr/lib/libtinfo.so.6 usr/lib/libtinfo.so.6.5 `.replaceAll(
      /\s/g,
      '\n',
    ),
  );
  assert.deepEqual(initrd.value.builds, [...new Set(entries.map(({ build }) => build))].sort());
  const again = await makeInitrd(entries, request, 1735689600);
  assert.ok(again.ok);
  assert.deepEqual(again.value, initrd.value);
});

test('an init that is a symlink or absent is refused', async () => {
  using folder = testFolder();
  const entries = entriesOf(folder.path, TREE);
  for (const init of ['/usr/bin/sh', '/usr/bin/absent']) {
    const initrd = await makeInitrd(entries, { init, programs: [] }, 0);
    assert.ok(!initrd.ok);
    assert.equal(initrd.problem.kind, 'image-failed');
  }
});
