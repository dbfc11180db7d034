import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOfBytes } from '#base';
import { type Entry, manifestOf } from '#manifest';
import type { BuiltArtifact } from './built-artifact.ts';
import { matcherOf } from './globs.ts';
import { chooseEntries } from './root-tree.ts';

const sha256 = digestOfBytes('x');
const file = (path: string): Entry => ({
  type: 'file',
  path,
  sha256,
  sizeBytes: 1,
  mode: '0755',
  uid: 0,
  gid: 0,
});
const folder = (path: string, mode = '0755', gid = 0): Entry => ({
  type: 'directory',
  path,
  mode,
  uid: 0,
  gid,
});
const link = (path: string, target: string): Entry => ({ type: 'symlink', path, target });

function artifact(build: string, entries: readonly Entry[], replaces: readonly string[] = []): BuiltArtifact {
  return { build, digest: digestOfBytes(build), manifest: manifestOf(entries), replaces };
}

function choose(artifacts: readonly BuiltArtifact[], exclude: readonly string[] = []) {
  return chooseEntries(artifacts, exclude, (from, path) => join('/store', from.build, path));
}

function pathsOf(result: ReturnType<typeof choose>): string[] {
  if (!result.ok) assert.fail(result.problem.message);
  return result.value.map(({ entry, build }) => `${entry.path} ${build}`);
}

test('entries of all artifacts come together, sorted, each with its build and a parent', () => {
  const chosen = choose([
    artifact('final/b', [file('/usr/bin/b')]),
    artifact('final/a', [folder('/usr'), folder('/usr/bin'), file('/usr/bin/a')]),
  ]);
  assert.deepEqual(pathsOf(chosen), [
    '/usr final/a',
    '/usr/bin final/a',
    '/usr/bin/a final/a',
    '/usr/bin/b final/b',
  ]);
  assert.ok(chosen.ok);
  assert.equal(chosen.value[3]?.hostPath, '/store/final/b/usr/bin/b');
});

test('one path from two builds is a conflict that names both', () => {
  const chosen = choose([
    artifact('final/procps', [file('/bin/kill')]),
    artifact('final/util', [file('/bin/kill')]),
  ]);
  assert.ok(!chosen.ok);
  assert.equal(chosen.problem.kind, 'path-conflict');
  assert.equal(chosen.problem.subject, '/bin/kill');
  assert.match(chosen.problem.message, /final\/procps, final\/util/);
});

test('a build that replaces another gives the path, whichever comes first', () => {
  const one = artifact('final/procps', [file('/kill')], ['final/util']);
  const two = artifact('final/util', [file('/kill'), file('/more')]);
  assert.deepEqual(pathsOf(choose([one, two])), ['/kill final/procps', '/more final/util']);
  assert.deepEqual(pathsOf(choose([two, one])), ['/kill final/procps', '/more final/util']);
});

test('two builds that replace each other still conflict', () => {
  const chosen = choose([artifact('a/a', [file('/x')], ['b/b']), artifact('b/b', [file('/x')], ['a/a'])]);
  assert.ok(!chosen.ok);
});

test('a special directory wins over plain ones, two different special ones conflict', () => {
  const tmp = artifact('prepare/layout', [folder('/tmp', '1777')]);
  const plain = artifact('final/x', [folder('/tmp')]);
  assert.deepEqual(pathsOf(choose([plain, tmp])), ['/tmp prepare/layout']);
  assert.ok(!choose([tmp, plain, artifact('final/y', [folder('/tmp', '0700')])]).ok);
});

test('a file below a symlink of another build is a conflict', () => {
  const chosen = choose([
    artifact('prepare/layout', [folder('/usr'), link('/lib', 'usr/lib')]),
    artifact('final/bad', [file('/lib/x.so')]),
  ]);
  assert.ok(!chosen.ok);
  assert.match(chosen.problem.message, /\/lib\/x\.so: final\/bad, under \/lib of prepare\/layout/);
});

test('excluded paths do not ship, and do not conflict', () => {
  const info = [folder('/usr'), folder('/usr/share'), file('/usr/share/info/dir')];
  assert.deepEqual(pathsOf(choose([artifact('a/a', info), artifact('b/b', info)], ['/usr/share/info/**'])), [
    '/usr a/a',
    '/usr/share a/a',
  ]);
});

test('globs keep to one name with *, go deep with **, and take what is in a matched directory', () => {
  const cases: [string, string, boolean][] = [
    ['/usr/include/**', '/usr/include/a/b.h', true],
    ['/usr/include/**', '/usr/include', false],
    ['/usr/include', '/usr/include/a', true],
    ['/usr/include', '/usr/include2', false],
    ['/usr/lib/*.a', '/usr/lib/libc.a', true],
    ['/usr/lib/*.a', '/usr/lib/gcc/libgcc.a', false],
    ['/usr/lib/**/*.a', '/usr/lib/libc.a', true],
    ['/usr/lib/**/*.a', '/usr/lib/gcc/libgcc.a', true],
    ['/usr/lib/*.a', '/usr/lib/libcxa', false],
    ['/usr/bin/?', '/usr/bin/[', true],
    ['/usr/bin/[', '/usr/bin/[', true],
    ['/a+b', '/aab', false],
  ];
  for (const [glob, path, expected] of cases)
    assert.equal(matcherOf([glob])(path), expected, `${glob} ${path}`);
  assert.equal(matcherOf([])('/x'), false);
});

test('what a glob behind ! matches stays, with the folders above it and what is below it, in any order', () => {
  const isExcluded = matcherOf([
    '!/usr/share/terminfo/x/xterm',
    '/usr/share/terminfo/*',
    '/usr/lib/gconv',
    '!/usr/lib/gconv/keep',
  ]);
  const cases: readonly [path: string, expected: boolean][] = [
    ['/usr/share/terminfo', false],
    ['/usr/share/terminfo/x', false],
    ['/usr/share/terminfo/x/xterm', false],
    ['/usr/share/terminfo/x/xterm-new', true],
    ['/usr/share/terminfo/v', true],
    ['/usr/share/terminfo/v/vt100', true],
    ['/usr/lib/gconv', false],
    ['/usr/lib/gconv/keep/one', false],
    ['/usr/lib/gconv/other', true],
    ['/etc/passwd', false],
  ];
  for (const [path, expected] of cases) assert.equal(isExcluded(path), expected, path);
});
