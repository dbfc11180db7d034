import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ProgramResult, runProgram } from '#process';
import { type UnpackSource, unpackSources } from './unpack.ts';

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

async function unpack(folder: string, ...sources: Partial<UnpackSource>[]): Promise<ProgramResult> {
  const tree = join(folder, 'tree');
  const whole = sources.map((source) => ({
    archive: join(folder, 'a'),
    folder: tree,
    patches: [],
    ...source,
  }));
  return bash(folder, unpackSources(whole, tree));
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

test('an absolute name stays inside the folder', async (t) => {
  const folder = await openFolder(t, 'echo old > x; tar -cPf a "$PWD/x"; echo new > x');
  const result = await unpack(folder, {});
  assert.ok(result.succeeded, result.stderr);
  assert.equal(await readFile(join(folder, 'x'), 'utf8'), 'new\n');
  assert.match((await filesOf(folder)).join(), /unpack-test-[^/]+\/x$/);
});

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

for (const [what, make] of [
  ['a name that climbs', 'mkdir b; echo x > x; cd b; tar -cPf ../a ../x'],
  ['a name that climbs later on', 'mkdir b; echo x > x; tar -cPf a b/../x; rm x'],
  ['an archive of nothing', 'tar -cf a -T /dev/null'],
  ['what is no archive', 'echo hello > a'],
  ['an archive that was cut off', 'head -c 99999 /dev/urandom > x; tar -cf b x; head -c 50000 b > a'],
] as const) {
  test(`${what} is refused`, async (t) => {
    const folder = await openFolder(t, make);
    const result = await unpack(folder, {});
    assert.equal(result.succeeded, false);
    assert.deepEqual(await filesOf(folder), []);
  });
}
