import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { digestOfPlaces, gatherPlaces, latestChangeMs, treeOf } from './places.ts';

/** A folder with a file, a folder with a file, and a link; and a path where nothing is. */
async function openFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'places-test-'));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'project/below'), { recursive: true });
  await writeFile(join(folder, 'target'), 'target');
  await writeFile(join(folder, 'project/file'), 'one');
  await writeFile(join(folder, 'project/below/file'), 'one');
  await symlink('../target', join(folder, 'project/link'));
  return folder;
}

const placesOf = (folder: string) =>
  gatherPlaces([...treeOf(join(folder, 'project')), join(folder, 'project/missing')]);

/** Writes other bytes, as many, and gives the file its times back. */
async function writeUnseen(path: string): Promise<void> {
  const { atime, mtime, size } = await stat(path);
  await writeFile(path, 'x'.repeat(size));
  await utimes(path, atime, mtime);
}

describe('the digest of places', () => {
  it('is the same as long as nothing changes', async (t) => {
    const folder = await openFolder(t);
    assert.equal(digestOfPlaces(placesOf(folder)), digestOfPlaces(placesOf(folder)));
  });

  const changes: readonly (readonly [what: string, change: (project: string) => Promise<void>])[] = [
    ['a file that is written', (project) => writeFile(join(project, 'file'), 'two')],
    ['a file of the same size and time', (project) => writeUnseen(join(project, 'below/file'))],
    ['a file that comes', (project) => writeFile(join(project, 'below/new'), '')],
    ['a file that was asked for and comes', (project) => writeFile(join(project, 'missing'), '')],
    ['a file that goes', (project) => rm(join(project, 'below/file'))],
    ['another mode', (project) => chmod(join(project, 'file'), 0o600)],
    [
      'a file where a folder was',
      async (project) => {
        await rm(join(project, 'below'), { recursive: true });
        await writeFile(join(project, 'below'), '');
      },
    ],
    [
      'a file in the place of another',
      async (project) => {
        await writeFile(join(project, '../other'), 'one');
        await rename(join(project, '../other'), join(project, 'file'));
      },
    ],
    ['what a link leads to', (project) => writeUnseen(join(project, '../target'))],
    ['a link that leads nowhere', (project) => rm(join(project, '../target'))],
  ];
  for (const [what, change] of changes) {
    it(`tells of ${what}`, async (t) => {
      const folder = await openFolder(t);
      const places = placesOf(folder);
      const before = digestOfPlaces(places);
      await change(join(folder, 'project'));
      assert.notEqual(digestOfPlaces(places), before);
    });
  }

  it('takes paths at the top of the file system', () => {
    const places = gatherPlaces(['/', '/etc', '/blazeneuro-none']);
    assert.deepEqual(places, { '/': ['', 'etc', 'blazeneuro-none'] });
    assert.match(digestOfPlaces(places), /^[0-9a-f]{64}$/);
  });
});

it('the latest change is that of a file, of a folder, or of what a link leads to', async (t) => {
  const folder = await openFolder(t);
  const paths = [...treeOf(join(folder, 'project')), join(folder, 'none')];
  const inAnHour = Date.now() / 1000 + 3600;
  for (const path of ['target', 'project/file', 'project/below']) {
    await utimes(join(folder, path), inAnHour, inAnHour);
    assert.ok(latestChangeMs(paths) >= inAnHour * 1000 - 1, path);
    await utimes(join(folder, path), 1, 1);
    assert.ok(latestChangeMs(paths) < inAnHour * 1000 - 1, path);
  }
});
