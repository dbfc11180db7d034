import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { removeTree } from './remove-tree.ts';

/** Root may do anything, so the test does without being root. */
const NOBODY = 65534;
const isRoot = process.geteuid?.() === 0;
before(() => void (isRoot && process.seteuid?.(NOBODY)));
after(() => void (isRoot && process.seteuid?.(0)));

it('a tree with folders that their owner may not write to, or look into, is removed', async () => {
  const tree = await mkdtemp(join(tmpdir(), 'remove-tree-test-'));
  await mkdir(join(tree, 'a/b/c'), { recursive: true });
  await writeFile(join(tree, 'a/b/c/file'), '');
  for (const [path, mode] of [
    ['a/b/c', 0o000],
    ['a/b', 0o500],
    ['a', 0o100],
  ] as const) {
    await chmod(join(tree, path), mode);
  }
  await removeTree(tree);
  await assert.rejects(stat(tree), { code: 'ENOENT' });
});

it('a tree that is deeper than a path can be long is removed, whatever its names are', async () => {
  const tree = await mkdtemp(join(tmpdir(), 'remove-tree-test-'));
  const dig = `for (1..60) { my $name = ("d" x 99) . "\\xe9"; mkdir $name or die; chdir $name or die }
    open(my $file, ">", "\\xff") or die; chmod 0, "../."`;
  execFileSync('perl', ['-e', dig], { cwd: tree });
  await removeTree(tree);
  await assert.rejects(stat(tree), { code: 'ENOENT' });
});

it('what is not there is removed already', async () => {
  await removeTree(join(tmpdir(), 'remove-tree-test-nowhere'));
});
