import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { readCache, readJson, writeWhole } from './whole-file.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whole-file-test-'));
});
after(() => rm(folder, { recursive: true }));

it('a file is written whole, with its folders, and nothing is left beside it', async () => {
  const path = join(folder, 'a/b/file.json');
  await writeWhole(path, '{"a":1}');
  await writeWhole(path, '{"a":2}');
  assert.deepEqual(await readJson(path), { a: 2 });
  assert.deepEqual(await readdir(join(folder, 'a/b')), ['file.json']);
});

it('many writers of one file leave one of their texts', async () => {
  const path = join(folder, 'many/file');
  const texts = Array.from({ length: 20 }, (_, at) => String(at).repeat(2000));
  await Promise.all(texts.map((text) => writeWhole(path, text)));
  assert.ok(texts.includes(await readFile(path, 'utf8')));
  assert.deepEqual(await readdir(join(folder, 'many')), ['file']);
});

it('a write that fails leaves what was there, and nothing beside it', async () => {
  const path = join(folder, 'taken');
  await mkdir(join(path, 'full'), { recursive: true });
  await assert.rejects(writeWhole(path, 'text'), { code: 'EISDIR' });
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('taken')),
    ['taken'],
  );
});

it('JSON that is not there is undefined; JSON that is damaged is an error', async () => {
  assert.equal(await readJson(join(folder, 'nowhere.json')), undefined);
  await writeFile(join(folder, 'cut.json'), '{"a":');
  await assert.rejects(readJson(join(folder, 'cut.json')), SyntaxError);
});

it('a cache that is damaged counts as none, and is told of', async () => {
  const damaged: string[] = [];
  const read = (name: string) => readCache(join(folder, name), (path) => damaged.push(path));
  await writeFile(join(folder, 'whole.json'), '{"a":1}');
  await writeFile(join(folder, 'empty.json'), '');
  assert.deepEqual(await read('whole.json'), { a: 1 });
  assert.equal(await read('nowhere.json'), undefined);
  assert.deepEqual(damaged, []);
  assert.equal(await read('empty.json'), undefined);
  assert.deepEqual(damaged, [join(folder, 'empty.json')]);
});
