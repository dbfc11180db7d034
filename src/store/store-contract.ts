import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { digestOfBytes, type HostPath } from '#base';
import { type ArtifactManifest, artifactDigest, manifestOf } from '#manifest';
import type { ArtifactRecord, Store } from './store.ts';

/** Opens a fresh, empty store for one test. */
export type OpenStore = () => Promise<Store>;

const KEY = digestOfBytes('a key');
const OTHER_KEY = digestOfBytes('another key');

/** What every store must keep to, wherever it keeps its bytes. Call it inside `describe`. */
export function storeContract(open: OpenStore): void {
  blobContract(open);
  artifactContract(open);
  recordContract(open);
}

function blobContract(open: OpenStore): void {
  it('keeps a blob under its digest, read-only, and takes the staged file away', async () => {
    const store = await open();
    const digest = digestOfBytes('bytes');
    assert.equal(await store.hasBlob(digest), false);
    const file = join(await store.stagingFolder(), 'file');
    await writeFile(file, 'bytes');
    await store.addBlob(file, digest);
    assert.equal(await store.hasBlob(digest), true);
    assert.equal(await readFile(store.blobPath(digest), 'utf8'), 'bytes');
    assert.equal((await stat(store.blobPath(digest))).mode & 0o777, 0o444);
    await assert.rejects(stat(file), { code: 'ENOENT' });
  });

  it('takes the same blob twice', async () => {
    const store = await open();
    const digest = digestOfBytes('bytes');
    for (const name of ['one', 'two']) {
      const file = join(await store.stagingFolder(), name);
      await writeFile(file, 'bytes');
      await store.addBlob(file, digest);
    }
    assert.equal(await readFile(store.blobPath(digest), 'utf8'), 'bytes');
  });

  it('gives out a new, empty staging folder each time', async () => {
    const store = await open();
    assert.notEqual(await store.stagingFolder(), await store.stagingFolder());
  });

  it('keeps its state folders', async () => {
    const store = await open();
    await writeFile(join(await store.stateFolder('apt'), 'list'), 'x');
    assert.equal(await readFile(join(await store.stateFolder('apt'), 'list'), 'utf8'), 'x');
  });
}

function artifactContract(open: OpenStore): void {
  it('keeps an artifact, and finds it by the key that gave it', async () => {
    const store = await open();
    const { tree, manifest } = await stage(store, 'bytes');
    assert.equal(await store.lookUp(KEY), undefined);
    const record = await store.commit(tree, manifest, factsFor(KEY));
    assert.equal(record.artifact, artifactDigest(manifest));
    assert.deepEqual(await store.lookUp(KEY), record);
    assert.deepEqual(await store.manifest(record.artifact), manifest);
    assert.equal(await readFile(join(store.treePath(record.artifact), 'usr/x'), 'utf8'), 'bytes');
  });

  it('does not show an artifact that is only staged', async () => {
    const store = await open();
    const { manifest } = await stage(store, 'bytes');
    assert.equal(await store.manifest(artifactDigest(manifest)), undefined);
    await assert.rejects(stat(store.treePath(artifactDigest(manifest))), { code: 'ENOENT' });
  });

  it('keeps one artifact for two keys that gave the same bytes', async () => {
    const store = await open();
    const records = [];
    for (const key of [KEY, OTHER_KEY]) {
      const { tree, manifest } = await stage(store, 'bytes');
      records.push(await store.commit(tree, manifest, factsFor(key)));
    }
    assert.equal(records[0]?.artifact, records[1]?.artifact);
    assert.equal((await store.lookUp(KEY))?.key, KEY);
    assert.equal((await store.lookUp(OTHER_KEY))?.key, OTHER_KEY);
  });

  it('takes the same artifact from many at the same time', async () => {
    const store = await open();
    const keys = Array.from({ length: 8 }, (_, at) => digestOfBytes(`key ${at}`));
    const commits = keys.map(async (key) => {
      const { tree, manifest } = await stage(store, 'bytes');
      return store.commit(tree, manifest, factsFor(key));
    });
    const artifacts = new Set((await Promise.all(commits)).map(({ artifact }) => artifact));
    assert.equal(artifacts.size, 1);
    for (const key of keys) assert.ok((await store.lookUp(key)) !== undefined);
  });
}

function recordContract(open: OpenStore): void {
  it('gives the newest artifact of a key that was built again', async () => {
    const store = await open();
    for (const text of ['old', 'new']) {
      const { tree, manifest } = await stage(store, text);
      await store.commit(tree, manifest, factsFor(KEY));
    }
    const artifact = (await store.lookUp(KEY))?.artifact;
    assert.ok(artifact !== undefined);
    assert.equal(await readFile(join(store.treePath(artifact), 'usr/x'), 'utf8'), 'new');
  });

  it('remembers the newest record of a build, whatever its key was', async () => {
    const store = await open();
    assert.equal(await store.lastRecord('final/grep'), undefined);
    for (const key of [KEY, OTHER_KEY]) {
      const { tree, manifest } = await stage(store, key);
      await store.commit(tree, manifest, factsFor(key));
    }
    const record = await store.lastRecord('final/grep');
    assert.equal(record?.key, OTHER_KEY);
    assert.deepEqual(record?.inputs, { action: { env: { A: 'b' } } });
  });

  it('forgets what a key gave, and keeps the artifact', async () => {
    const store = await open();
    const { tree, manifest } = await stage(store, 'bytes');
    const { artifact } = await store.commit(tree, manifest, factsFor(KEY));
    await store.forget(KEY);
    assert.equal(await store.lookUp(KEY), undefined);
    assert.deepEqual(await store.manifest(artifact), manifest);
    await store.forget(KEY);
  });
}

/** A staged tree of one file, with its manifest. */
async function stage(
  store: Store,
  text: string,
): Promise<{ readonly tree: HostPath; readonly manifest: ArtifactManifest }> {
  const tree = join(await store.stagingFolder(), 'out');
  await mkdir(join(tree, 'usr'), { recursive: true });
  await writeFile(join(tree, 'usr/x'), text);
  const owner = { uid: 0, gid: 0 };
  const file = { type: 'file', path: '/usr/x', sha256: digestOfBytes(text), mode: '0644', ...owner } as const;
  const folder = { type: 'directory', path: '/usr', mode: '0755', ...owner } as const;
  return { tree, manifest: manifestOf([{ ...file, sizeBytes: text.length }, folder]) };
}

function factsFor(key: ArtifactRecord['key']): Omit<ArtifactRecord, 'artifact'> {
  const inputs = { action: { env: { A: 'b' } } };
  return { key, build: 'final/grep', durationMs: 1200, cpuMs: 900, inputs };
}
