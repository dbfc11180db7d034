import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOfData, unwrap } from '#base';
import { hostTools } from './host-tools.ts';

test('versions come out the same twice, with no path of the host in them', async () => {
  const first = unwrap(await hostTools());
  const second = unwrap(await hostTools());
  assert.deepEqual(first, second);
  assert.ok(Object.keys(first).length >= 20);
  for (const [name, version] of Object.entries(first)) {
    assert.match(version, /\d\.\d/, name);
    assert.doesNotMatch(version, /\/usr/, name);
  }
});

test('answers are kept, and asked for again when a program file has changed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'host-tools-'));
  try {
    const cacheFile = join(folder, 'not-yet-there/host-tools.json');
    const asked = unwrap(await hostTools({ cacheFile }));
    const kept = JSON.parse(await readFile(cacheFile, 'utf8'));

    const withDigest = (data: object): string => JSON.stringify({ ...data, digest: digestOfData(data) });
    const { files } = kept;
    await writeFile(cacheFile, withDigest({ files, tools: { ...kept.tools, gcc: 'kept' } }));
    const { gcc } = unwrap(await hostTools({ cacheFile }));
    assert.equal(gcc, 'kept');

    const [file = ''] = Object.keys(kept.files);
    await writeFile(cacheFile, withDigest({ files: { ...files, [file]: '0 0 0' }, tools: {} }));
    assert.deepEqual(unwrap(await hostTools({ cacheFile })), asked);
    // Answers that nobody gave: a flipped bit, or a hand.
    await writeFile(cacheFile, JSON.stringify({ ...kept, tools: { ...kept.tools, gcc: 'flipped' } }));
    assert.deepEqual(unwrap(await hostTools({ cacheFile })), asked);
    assert.deepEqual(JSON.parse(await readFile(cacheFile, 'utf8')), kept);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a cache file that was cut off is written anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'host-tools-'));
  try {
    const cacheFile = join(folder, 'host-tools.json');
    await writeFile(cacheFile, '{"files": {');
    unwrap(await hostTools({ cacheFile }));
    assert.ok(JSON.parse(await readFile(cacheFile, 'utf8')).tools.gcc);
  } finally {
    await rm(folder, { recursive: true });
  }
});
