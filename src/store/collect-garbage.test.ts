import assert from 'node:assert/strict';
import {
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Digest, digestOfBytes } from '#base';
import { chooseGarbage, type Garbage } from './choose-garbage.ts';
import { type CollectOptions, collectGarbage, KEEP_MS } from './collect-garbage.ts';
import type { Item } from './inventory.ts';
import { artifactPath, blobPath } from './store-paths.ts';
import { buildToys, copyStore, TOY_BUILDS, TOY_SOURCES, toyKey } from './testing.ts';
import { readUses, recordUse } from './uses.ts';
import { verifyStore } from './verify-store.ts';

const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const NOTHING = { keys: new Set<Digest>(), blobs: new Set<Digest>() };
const LONG_AGO = new Date(Date.now() - 2 * KEEP_MS);

let folder = '';
let pristine = '';
let root = '';
let artifacts: Awaited<ReturnType<typeof buildToys>>;

before(async () => {
  folder = mkdtempSync(join(parent, 'collect-garbage-test-'));
  pristine = join(folder, 'pristine');
  artifacts = await buildToys(pristine);
});
after(() => rmSync(folder, { recursive: true }));
beforeEach((context) => {
  root = join(folder, context.name.replaceAll(' ', '-').slice(0, 60));
  copyStore(pristine, root);
});

/** Collects, and gives what went by kind. */
async function collect(changes: Partial<CollectOptions> = {}) {
  const gone: Garbage[] = [];
  const onRemoved = (one: Garbage) => void gone.push(one);
  const options = { needed: NOTHING, dryRun: false, nowMs: Date.now(), onRemoved, ...changes };
  const collected = await collectGarbage(root, options);
  assert.deepEqual((await verifyStore(root, { keyOf: toyKey })).faults, []);
  const names = (kind: Item['kind']) => gone.filter((one) => one.kind === kind).map(({ name }) => name);
  return { collected, gone, names };
}

/** Makes everything in the store look as if it was last used long ago. */
function age(): void {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!path.includes('/tree')) lutimesSync(path, LONG_AGO, LONG_AGO);
  }
}

describe('collecting garbage', () => {
  it('keeps what was used lately', async () => {
    const { collected } = await collect();
    assert.equal(collected.removed, 0);
  });

  it('takes what nobody used for long and keeps what plans need', async () => {
    age();
    const needed = {
      keys: new Set([keyOf('temporary/sed')]),
      blobs: new Set([digestOfBytes(TOY_SOURCES[0] ?? '')]),
    };
    const { names, collected } = await collect({ needed });
    assert.deepEqual(new Set(names('artifact')), new Set([artifacts['final/grep'], artifacts['final/twin']]));
    assert.deepEqual(names('source'), [digestOfBytes(TOY_SOURCES[1] ?? '')]);
    assert.ok(existsSync(artifactPath(root, artifacts['temporary/sed'] as Digest)));
    assert.ok(collected.freedBytes > 600_000);
    assert.deepEqual(await buildToys(root), artifacts);
  });

  it('keeps an artifact as long as one of its keys is needed', async () => {
    age();
    const { names } = await collect({ needed: { ...NOTHING, keys: new Set([keyOf('final/other-twin')]) } });
    assert.ok(!names('artifact').includes(artifacts['final/twin'] ?? ''));
    assert.ok(names('record').includes(keyOf('final/twin')));
  });

  it('knows by a run that noted its use what another checkout needs', async () => {
    age();
    const user = { project: '/another', overlay: null, profile: 'toy', targets: ['image'] };
    await recordUse(root, { user, keys: [keyOf('final/grep')], blobs: [] });
    const { names } = await collect();
    assert.ok(!names('artifact').includes(artifacts['final/grep'] ?? ''));
    assert.ok(names('artifact').includes(artifacts['temporary/sed'] ?? ''));
    // A use of a checkout that is gone, and long ago, is forgotten; what is new stays.
    assert.deepEqual(
      readUses(root).map((use) => use.user.project),
      ['/another'],
    );
  });

  it('takes nothing that was last used in the future as the clock was set back', async () => {
    const { collected } = await collect({ nowMs: Date.now() - 10 * 365 * 86_400_000 });
    assert.equal(collected.removed, 0);
  });

  it('takes leftovers of all kinds', async () => {
    mkdirSync(join(root, 'staging/run-x/deep'), { recursive: true });
    writeFileSync(join(root, 'staging/run-x/deep/file'), 'x'.repeat(100_000));
    for (const path of ['state/failed/final.grep', 'quarantine/artifact-x']) {
      mkdirSync(join(root, path), { recursive: true });
      utimesSync(join(root, path), LONG_AGO, LONG_AGO);
    }
    mkdirSync(join(root, 'state/partial'));
    for (const [name, time] of [
      ['old', LONG_AGO],
      ['new', new Date()],
    ] as const) {
      writeFileSync(join(root, 'state/partial', name), 'x');
      utimesSync(join(root, 'state/partial', name), time, time);
    }
    rmSync(artifactPath(root, artifacts['final/grep'] as Digest), { recursive: true });
    const { names, collected } = await collect();
    assert.deepEqual(names('failed-build'), ['final.grep']);
    assert.deepEqual(names('partial-source'), ['old']);
    assert.deepEqual(names('quarantined'), ['artifact-x']);
    assert.deepEqual(names('record'), [keyOf('final/grep')]);
    assert.deepEqual(readdirSync(join(root, 'staging')), []);
    assert.ok(collected.freedBytes >= 100_000);
  });

  it('says what it would take and takes nothing', async () => {
    age();
    const { collected, gone } = await collect({ dryRun: true });
    assert.ok(gone.length > 0 && collected.storeBytes < 600_000);
    assert.ok(existsSync(artifactPath(root, artifacts['final/grep'] as Digest)));
    assert.ok(existsSync(blobPath(root, digestOfBytes(TOY_SOURCES[0] ?? ''))));
  });

  it('ends between two entries when it is stopped', async () => {
    age();
    const { collected } = await collect({ signal: AbortSignal.abort() });
    assert.equal(collected.removed, 0);
    assert.deepEqual(await buildToys(root), artifacts);
  });

  it('takes what is needed only when the limit leaves nothing else', async () => {
    const needed = { keys: new Set(TOY_BUILDS.map(({ build }) => keyOf(build))), blobs: new Set<Digest>() };
    const { collected, gone } = await collect({ needed, maxBytes: 1 });
    assert.equal(collected.forced, 3);
    assert.deepEqual(gone.at(0)?.kind, 'source');
    assert.deepEqual(await buildToys(root), artifacts);
  });
});

describe('the order in which a limit takes things', () => {
  const NOW = 1e12;
  const item = (kind: Item['kind'], name: string, changes: Partial<Item> = {}): Item => ({
    kind,
    name,
    builds: [],
    path: name,
    records: [],
    sizeBytes: 10,
    usedAtMs: NOW - 1000,
    isNeeded: false,
    ...changes,
  });
  const items = [
    item('artifact', 'needed', { isNeeded: true }),
    item('source', 'needed source', { isNeeded: true }),
    item('package-lists', 'apt'),
    item('artifact', 'newer', { usedAtMs: NOW - 10 }),
    item('artifact', 'older', { usedAtMs: NOW - 20 }),
    item('artifact', 'larger', { usedAtMs: NOW - 10, sizeBytes: 20 }),
    item('failed-build', 'failed'),
    item('quarantined', 'aside'),
    item('artifact', 'unused', { usedAtMs: NOW - 5000 }),
  ];
  const choose = (maxBytes: number | undefined) =>
    chooseGarbage(items, { nowMs: NOW, keepMs: 2000, maxBytes, storeBytes: 100 }).map(
      ({ name, reason }) => `${name}: ${reason}`,
    );

  it('is: unused, leftovers, the least recently used, what can be fetched, what is needed', () => {
    assert.deepEqual(choose(0), [
      'unused: unused',
      'aside: limit',
      'failed: limit',
      'older: limit',
      'larger: limit',
      'newer: limit',
      'apt: limit',
      'needed source: forced',
      'needed: forced',
    ]);
  });
  it('ends where the store fits', () => {
    assert.deepEqual(choose(60), ['unused: unused', 'aside: limit', 'failed: limit', 'older: limit']);
    assert.deepEqual(choose(90), ['unused: unused']);
    assert.deepEqual(choose(undefined), ['unused: unused']);
  });
});

describe('the note of a use', () => {
  it('keeps the time at which a key was last needed, when it no longer is', async () => {
    const [use] = readUses(root);
    assert.ok(use !== undefined && use.keys.length === 4);
    const artifact = artifacts['temporary/sed'] as Digest;
    for (const path of [use.path, artifactPath(root, artifact)]) utimesSync(path, LONG_AGO, LONG_AGO);
    await recordUse(root, { user: use.user, blobs: [], keys: use.keys.slice(1) });
    const { names } = await collect();
    assert.deepEqual(names('artifact'), [artifact]);
  });
});

function keyOf(build: string): Digest {
  const toy = TOY_BUILDS.find((one) => one.build === build);
  const needs = Object.fromEntries((toy?.needs ?? []).map((need) => [need, artifacts[need]]));
  return toyKey({ action: { build }, needs, order: toy?.needs });
}
