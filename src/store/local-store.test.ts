import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { digestOfBytes, type HostPath, unwrap } from '#base';
import { manifestOf } from '#manifest';
import { clearStaging } from './clear-leftovers.ts';
import { openStore } from './local-store.ts';
import { storeContract } from './store-contract.ts';

let folder: HostPath;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-test-'));
});
after(() => rm(folder, { recursive: true }));

const newRoot = () => mkdtemp(join(folder, 'store-'));
const EMPTY = manifestOf([]);
const FACTS = { key: digestOfBytes('k'), build: 'final/x', durationMs: 0, cpuMs: 0, inputs: {} };

describe('a local store', () => {
  storeContract(async () => unwrap(await openStore(await newRoot())));
});

describe('a store in a folder', () => {
  it('is made where nothing is yet, and opened again with what it has', async () => {
    const root = join(await newRoot(), 'new/store');
    const store = unwrap(await openStore(root));
    const tree = join(await store.stagingFolder(), 'out');
    await mkdir(tree);
    const record = await store.commit(tree, EMPTY, FACTS);
    assert.deepEqual(await unwrap(await openStore(root)).lookUp(FACTS.key), record);
    assert.match(
      await readFile(join(root, 'CACHEDIR.TAG'), 'utf8'),
      /^Signature: 8a477f597d28d172789f06886806bc55/,
    );
  });

  it('of another version is refused and left as it is', async () => {
    const root = await newRoot();
    unwrap(await openStore(root));
    await writeFile(join(root, 'version'), '99\n');
    const result = await openStore(root);
    assert.ok(!result.ok && result.problem.kind === 'store-version');
    assert.match(result.problem.message, /version 99/);
    assert.equal(await readFile(join(root, 'version'), 'utf8'), '99\n');
  });

  it('is not made in a folder that holds something else', async () => {
    const root = await newRoot();
    await mkdir(join(root, 'staging'));
    await writeFile(join(root, 'staging/thesis'), 'years of work');
    await writeFile(join(root, 'notes'), 'mine');
    const result = await openStore(root);
    assert.ok(!result.ok && result.problem.kind === 'refused');
    assert.deepEqual((await readdir(root)).sort(), ['notes', 'staging']);
  });

  it('that was only half made is made whole', async () => {
    const root = await newRoot();
    await mkdir(join(root, 'staging'));
    await writeFile(join(root, 'CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc55\n');
    await writeFile(join(root, 'version.1.1.new'), '');
    assert.ok((await openStore(root)).ok);
    assert.equal(await readFile(join(root, 'version'), 'utf8'), '1\n');
  });
});

describe('after an interruption', () => {
  it('a record without its artifact is not found', async () => {
    const root = await newRoot();
    const store = unwrap(await openStore(root));
    const tree = join(await store.stagingFolder(), 'out');
    await mkdir(tree);
    const { artifact } = await store.commit(tree, EMPTY, FACTS);
    await rm(join(root, 'artifacts', artifact), { recursive: true });
    assert.equal(await store.lookUp(FACTS.key), undefined);
  });

  it('what lies in staging is cleared away, whatever its modes are, and nothing else', async () => {
    const root = await newRoot();
    const store = unwrap(await openStore(root));
    const left = await store.stagingFolder();
    await mkdir(join(left, 'closed/deep'), { recursive: true });
    await writeFile(join(left, 'closed/deep/file'), '');
    await chmod(join(left, 'closed/deep'), 0o000);
    await chmod(join(left, 'closed'), 0o500);
    await writeFile(join(await store.stateFolder('apt'), 'list'), 'kept');
    await clearStaging(root);
    assert.deepEqual(await readdir(join(root, 'staging')), []);
    assert.equal(await readFile(join(await store.stateFolder('apt'), 'list'), 'utf8'), 'kept');
  });
});
