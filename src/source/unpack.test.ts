import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ProgramResult, runProgram } from '#process';
import { isRefusalLine } from './archive/refusal.ts';
import { JUDGE_FOLDER, type UnpackSource, unpackSources } from './unpack.ts';

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', SOURCE_DATE_EPOCH: '1735689600', LC_ALL: 'POSIX' };

async function bash(folder: string, text: string): Promise<ProgramResult> {
  return runProgram({ argv: ['bash', '-c', `set -eu -o pipefail; umask 022\n${text}`], env, cwd: folder });
}

/** A folder in which shell text has made archives. */
async function openFolder(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'unpack-test-'));
  t.after(() => rm(folder, { recursive: true }));
  const made = await bash(folder, text);
  assert.ok(made.succeeded, made.stderr);
  return folder;
}

const JUDGE: string = JUDGE_FOLDER;
const LIMITS = { bytes: 1 << 24, entries: 1000 };

async function unpack(folder: string, ...sources: Partial<UnpackSource>[]): Promise<ProgramResult> {
  const tree = join(folder, 'tree');
  const whole = sources.map((source) => ({
    archive: join(folder, 'a'),
    folder: tree,
    patches: [],
    ...source,
  }));
  const judge = { node: process.execPath, folder: JUDGE, limits: LIMITS };
  return bash(folder, unpackSources(whole, tree, judge));
}

async function filesOf(folder: string): Promise<string[]> {
  const found = await readdir(join(folder, 'tree'), { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => !entry.isDirectory());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 6)).toSorted();
}

const TOP = `mkdir -p grep-1/src; echo x > grep-1/src/x; ln grep-1/src/x grep-1/hard; ln -s src/x grep-1/soft`;
const SAME = ['hard', 'soft', 'src/x'];

for (const [what, make, files] of [
  ['a top folder is taken off', `${TOP}; tar -cJf a grep-1`, SAME],
  ['a top folder behind ./ is taken off', `${TOP}; tar -czf a ./grep-1`, SAME],
  ['a top folder below a member ./ is taken off', `mkdir b; cd b; ${TOP}; tar -cjf ../a .`, SAME],
  ['files without a top folder stay', 'mkdir b; echo x > x; echo y > b/y; tar -czf a x b', ['b/y', 'x']],
  ['a single file stays', 'echo x > x; tar -cf a x', ['x']],
] as const) {
  test(what, async (t) => {
    const folder = await openFolder(t, make);
    const result = await unpack(folder, {});
    assert.ok(result.succeeded, result.stderr);
    assert.deepEqual(await filesOf(folder), files);
  });
}

test('the archive inside the archive is what is unpacked', async (t) => {
  const folder = await openFolder(
    t,
    `${TOP}; mkdir o; tar -cJf o/in.tar.xz grep-1; echo y > o/y; tar -czf a o`,
  );
  const result = await unpack(folder, { member: 'o/in.tar.xz' });
  assert.ok(result.succeeded, result.stderr);
  assert.deepEqual(await filesOf(folder), SAME);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => /\.(archive|unpacked)$/.test(name)),
    [],
  );
  assert.equal((await unpack(folder, { member: 'o/missing' })).succeeded, false);
});

test('several sources make one tree, and every time in it is that of the build', async (t) => {
  const folder = await openFolder(
    t,
    `${TOP}; tar -cf a grep-1; mkdir gmp-6; echo z > gmp-6/z; tar -cf b gmp-6`,
  );
  const result = await unpack(folder, {}, { archive: join(folder, 'b'), folder: join(folder, 'tree/gmp') });
  assert.ok(result.succeeded, result.stderr);
  assert.deepEqual(await filesOf(folder), ['gmp/z', ...SAME]);
  for (const name of ['tree', 'tree/gmp', 'tree/gmp/z', 'tree/src/x']) {
    assert.equal((await stat(join(folder, name))).mtimeMs, 1_735_689_600_000, name);
  }
});

for (const top of ['grep-1', './grep-1']) {
  test(`what is left out is not unpacked, at its place below the top folder only: ${top}`, async (t) => {
    const made = `${TOP}; cd grep-1; mkdir -p t/keep t/more src/t; touch t/a t/keep/b t/more/c src/t/d t/x.in; cd ..`;
    const folder = await openFolder(t, `${made}; tar -czf a ${top}`);
    const result = await unpack(folder, { leaveOut: ['t/[!k]*', 'soft', 'x', 'none'] });
    assert.ok(result.succeeded, result.stderr);
    assert.deepEqual(await filesOf(folder), ['hard', 'src/t/d', 'src/x', 't/keep/b']);
  });
}

test('setuid bits and group-writable modes do not survive', async (t) => {
  const folder = await openFolder(t, `${TOP}; chmod 6777 grep-1/src/x; tar -cf a grep-1`);
  assert.ok((await unpack(folder, {})).succeeded);
  assert.equal((await stat(join(folder, 'tree/src/x'))).mode & 0o7777, 0o755);
});

test('patches are applied in order, leave nothing behind, and must fit', async (t) => {
  const folder = await openFolder(t, `${TOP}; tar -cf a grep-1`);
  const patch = (from: string, to: string): string =>
    `--- a/src/x\n+++ b/src/x\n@@ -1 +1 @@\n-${from}\n+${to}\n`;
  await writeFile(join(folder, "1 it's"), patch('x', 'y'));
  await writeFile(join(folder, '2'), patch('y', 'z'));
  const patches = [join(folder, "1 it's"), join(folder, '2')];
  const result = await unpack(folder, { patches });
  assert.ok(result.succeeded, result.stderr + result.stdout);
  assert.equal(await readFile(join(folder, 'tree/src/x'), 'utf8'), 'z\n');
  assert.deepEqual(await filesOf(folder), SAME);
  await rm(join(folder, 'tree'), { recursive: true });
  assert.equal((await unpack(folder, { patches: patches.toReversed() })).succeeded, false);
});

for (const [form, compress] of [
  ['gzip', 'gzip'],
  ['bzip2', 'bzip2'],
  ['xz', 'xz'],
  ['lzma', 'xz --format=lzma'],
  ['zstd', 'zstd -q'],
] as const) {
  test(`what ${form} has compressed is told by how it begins, whatever its name is`, async (t) => {
    const folder = await openFolder(t, `${TOP}; tar -c grep-1 | ${compress} > a`);
    const result = await unpack(folder, {});
    assert.ok(result.succeeded, result.stderr);
    assert.deepEqual(await filesOf(folder), SAME);
  });
}

const NFC_NFD = "printf 'caf\\303\\251' > n; printf 'cafe\\314\\201' > d; touch b/$(cat n) b/$(cat d)";

for (const [what, make, why] of [
  ['a name that climbs', 'cd b; echo x > x; tar -cPf ../a ../b/x', '"../b/x" has ".." in its name'],
  ['a name that climbs later on', 'echo x > x; tar -cPf a b/../x; rm x', '"b/../x" has ".." in its name'],
  ['an absolute name', 'tar -cPf a /etc/hostname', '"/etc/hostname" has an absolute name'],
  [
    'a link to an absolute name',
    'ln -s /etc b/l; tar -cf a b',
    '"b/l" is a link that leads out of the tree: "/etc"',
  ],
  [
    'a link over the top folder',
    'ln -s ../x b/l; tar -cf a b',
    '"b/l" is a link that leads out of the tree: "../x"',
  ],
  [
    'a link that leads out by another one',
    'mkdir -p b/c/d; ln -s ../.. b/c/d/up; ln -s c/d/up/.. b/out; tar -cf a b',
    '"b/out" is a link that leads out of the tree: "c/d/up/.."',
  ],
  [
    'what lies behind a link',
    'ln -s . b/l; tar -cf a b; rm b/l; mkdir b/l; touch b/l/x; tar -rf a b/l/x',
    '"b/l/x" lies behind the link "b/l"',
  ],
  [
    'a hard link that leads out',
    'touch b/y; ln b/y b/z; tar -cPf a --transform=s,^b/y,../x,RSh b/y b/z',
    '"b/z" is a hard link to "../x", which has ".." in its name',
  ],
  [
    'a hard link to what is not there',
    'touch b/y; ln b/y b/z; tar -cPf a --transform=s,^b/y,b/x,RSh b/y b/z',
    '"b/z" is a hard link to "b/x", which is no file before it in the archive',
  ],
  ['a fifo', 'mkfifo b/f; tar -cf a b', '"b/f" is a fifo'],
  ['a name twice', 'touch b/x; tar -cf a b; tar -rf a b/x', '"b/x" is in the archive twice'],
  ['twins', `${NFC_NFD}; tar -cf a b`, 'is the same name in another Unicode form'],
  [
    'a name on two lines',
    "touch b/$'two\\nlines'; tar -cf a b",
    '"b/two\\x0alines" has a name that is not UTF-8, or',
  ],
  ['a name that is not UTF-8', "touch b/$'\\351'; tar -cf a b", '"b/\\xe9" has a name that is not UTF-8, or'],
  ['a sparse file', 'truncate -s 1M b/x; echo >> b/x; tar -cSf a b', 'sparse file'],
  ['too much', 'truncate -s 20M b/x; tar -czf a b', '"b/x" has more than 16777216 bytes in it'],
  ['too much in a sparse file', 'truncate -s 1T b/x; tar -cSf a b', 'sparse file'],
  ['too many entries', 'touch b/{1..1000}; tar -cf a b', 'it has too many entries, or too long names'],
  [
    'folders too deep',
    'd=b; for ((i = 0; i < 101; i++)); do d=$d/f; done; mkdir -p $d; tar -cf a b',
    'lies more than 100 folders deep',
  ],
  ['an archive of nothing', 'tar -cf a -T /dev/null', 'it is empty'],
  ['an empty file', ': > a', 'it is no tar archive'],
  ['what is no archive', 'head -c 2000 /dev/zero | tr "\\0" x > a', 'it is no tar archive'],
  [
    'an archive cut off in a file',
    'head -c 99999 /dev/urandom > x; tar -cf b/a x; head -c 50000 b/a > a',
    '"x" is cut off',
  ],
  ['an archive without an end', 'touch x; tar -cf b/a x; head -c 512 b/a > a', 'it is cut off'],
  [
    'an archive behind an archive',
    'touch b/x b/y; tar -cf x b/x; tar -cf y b/y; cat x y > a',
    'it goes on after its end',
  ],
] as const) {
  test(`${what} is refused`, async (t) => {
    const folder = await openFolder(t, `mkdir b; (${make})`);
    const result = await unpack(folder, {});
    assert.equal(result.succeeded, false);
    const told = result.stderr.split('\n').find(isRefusalLine);
    assert.ok(told?.startsWith('The archive a is refused: '), result.stderr);
    assert.ok(told?.includes(why), told);
    assert.deepEqual(await filesOf(folder), []);
  });
}

test('an archive inside an archive is judged, and so is the one around it', async (t) => {
  const folder = await openFolder(t, 'mkdir b; ln -s /etc b/l; tar -cf b/in b/l; rm b/l; tar -cf a b/in');
  const inner = await unpack(folder, { member: './b/in' });
  assert.match(inner.stderr, /The archive \.\/b\/in in a is refused: "b\/l" is a link that leads out/);
  await rm(join(folder, 'tree'), { recursive: true });
  await bash(folder, 'ln -s /etc b/l; tar -cf a b');
  const outer = await unpack(folder, { member: 'b/in' });
  assert.match(outer.stderr, /The archive a is refused: "b\/l" is a link that leads out/);
  assert.equal(inner.succeeded || outer.succeeded, false);
});

test('links that stay in the tree are unpacked as they are', async (t) => {
  const links = 'ln -s ../../b/x b/c/one; ln -s one/../no b/c/two; ln -s two b/c/three; ln -s loop b/loop';
  const folder = await openFolder(t, `mkdir -p b/c d; echo x > b/x; ${links}; tar -cf a b d`);
  const result = await unpack(folder, {});
  assert.ok(result.succeeded, result.stderr);
  assert.deepEqual(await filesOf(folder), ['b/c/one', 'b/c/three', 'b/c/two', 'b/loop', 'b/x']);
  assert.equal(await readlink(join(folder, 'tree/b/c/one')), '../../b/x');
});

const LONG = `${'n'.repeat(120)}/${'l'.repeat(255)}`;

for (const [form, name] of [
  ['gnu', LONG],
  ['oldgnu', LONG],
  ['pax', LONG],
  ['pax --pax-option=globexthdr.name=g,comment=c', LONG],
  ['ustar', `${'n'.repeat(70)}/${'m'.repeat(80)}`],
  ['v7', 'n/f'],
]) {
  test(`what has the form ${form} comes out as from GNU tar`, async (t) => {
    const short =
      'echo y > b/y; chmod 750 b/y; ln -s y b/soft; ln b/y b/hard; mkdir -p b/c/empty; chmod 555 b/c/empty';
    const long = name === LONG ? `ln -s ${name} b/longsoft; ln b/${name} b/longhard` : ':';
    const make = `mkdir -p b/$(dirname ${name}); echo x > b/${name}; ${short}; ${long}`;
    const folder = await openFolder(t, `${make}; tar --format=${form} -cf a b; mkdir c; tar -xf a -C c`);
    const result = await unpack(folder, {});
    assert.ok(result.succeeded, result.stderr);
    const list = `find . -printf '%P %y %m %n %l\\n' | sort`;
    const same = await bash(folder, `diff -r c/b tree; diff <(cd c/b; ${list}) <(cd tree; ${list})`);
    assert.ok(same.succeeded, same.stdout);
  });
}
