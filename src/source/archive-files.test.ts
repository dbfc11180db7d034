import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { unwrap } from '#base';
import { readArchiveFiles } from './archive-files.ts';

let folder = '';
let scratchFolder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-files-'));
  scratchFolder = join(folder, 'scratch');
  await mkdir(scratchFolder);
});
after(() => rm(folder, { recursive: true }));

async function makeArchive(name: string, files: Record<string, string | { link: string }>): Promise<string> {
  const tree = join(folder, `${name}.tree`);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    if (typeof content === 'string') await writeFile(join(tree, path), content);
    else await symlink(content.link, join(tree, path));
    if (path.endsWith('COPYING')) await utimes(join(tree, path), 1_700_000_000, 1_700_000_000.5);
  }
  const file = join(folder, name);
  // With all that this format can say of a time.
  execFileSync('tar', [
    '--auto-compress',
    '--format=posix',
    '-cf',
    file,
    '-C',
    tree,
    ...(await readdir(tree)),
  ]);
  return file;
}

const named = (pattern: RegExp) => (files: readonly { readonly path: string }[]) =>
  files.filter(({ path }) => pattern.test(path)).toReversed();

async function read(file: string, pattern: RegExp, member?: string): Promise<Record<string, string>> {
  const archive = { name: 'x', file, ...(member === undefined ? {} : { member }) };
  const files = unwrap(await readArchiveFiles(archive, named(pattern), { scratchFolder }));
  assert.deepEqual(await readdir(scratchFolder), []);
  return Object.fromEntries(files.map(({ file: { path }, bytes }) => [path, bytes.toString()]));
}

test('the chosen files come out with their bytes, whatever order they were chosen in', async () => {
  const file = await makeArchive('plain.tar.gz', {
    'x-1/COPYING': 'one\n',
    'x-1/a b/ü': 'no',
    'x-1/big': 'z'.repeat(100_000),
    'x-1/lib/COPYING.LIB': 'two, without a line end',
    'x-1/COPYING.link': { link: 'COPYING' },
  });
  assert.deepEqual(await read(file, /COPYING|big/), {
    'x-1/COPYING': 'one\n',
    'x-1/big': 'z'.repeat(100_000),
    'x-1/lib/COPYING.LIB': 'two, without a line end',
  });
  assert.deepEqual(await read(file, /README/), {});
});

test('an archive inside an archive is looked into', async () => {
  const inner = await makeArchive('inner.tar.xz', { 'y-1/LICENSE': 'inner' });
  const outer = join(folder, 'outer.tar');
  execFileSync('tar', ['-cf', outer, '-C', dirname(inner), '--transform=s,^,z/,', 'inner.tar.xz']);
  assert.deepEqual(await read(outer, /LICENSE/, 'z/inner.tar.xz'), { 'y-1/LICENSE': 'inner' });
  const missing = await readArchiveFiles({ name: 'x', file: outer, member: 'z/other' }, named(/./), {
    scratchFolder,
  });
  assert.equal(missing.ok ? undefined : missing.problem.kind, 'source-unreadable');
});

test('names that lead out of a folder write nothing anywhere', async () => {
  const tree = await makeArchive('tree.tar', { COPYING: 'outside' });
  const file = join(folder, 'evil.tar');
  execFileSync('tar', ['-cPf', file, '-C', `${tree}.tree`, '--transform=s,^,../../evil/,', 'COPYING']);
  const before = await readdir(folder);
  const result = await readArchiveFiles({ name: 'x', file }, named(/COPYING/), { scratchFolder });
  assert.equal(result.ok ? undefined : result.problem.kind, 'source-unreadable');
  assert.deepEqual(await readdir(folder), before);
});

test('what is no archive is a problem that names its source', async () => {
  const file = join(folder, 'text');
  await writeFile(file, 'no archive');
  const result = await readArchiveFiles({ name: 'grep', file }, named(/./), { scratchFolder });
  assert.ok(!result.ok);
  assert.deepEqual([result.problem.kind, result.problem.subject], ['source-unreadable', 'grep']);
});

test('more than may be read is a problem before it is read', async () => {
  const file = join(folder, 'huge.tar');
  execFileSync('truncate', ['-s', '65M', join(folder, 'COPYING')]);
  execFileSync('tar', ['-cSf', file, '-C', folder, 'COPYING']);
  const result = await readArchiveFiles({ name: 'x', file }, named(/COPYING/), { scratchFolder });
  assert.match(result.ok ? '' : result.problem.message, /67108864 may be|68157440 bytes/);
});
