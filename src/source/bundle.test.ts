import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Digest, digestOfBytes, unwrap } from '#base';
import type { Pin } from '#recipe';
import { openStore, type Store } from '#store';
import { fetchSources } from './fetch-sources.ts';
import { openBundle } from './open-bundle.ts';
import { decodeTarHeader, encodeTarHeader } from './tar-header.ts';
import { type BundleContents, writeBundle } from './write-bundle.ts';

const TEXTS = ['the first source', 'x'.repeat(3 * 512), ''];
const NAMES = ['a', 'b', 'empty'];

let folder = '';
let full: Store;
let empty: Store;
let bundle = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-test-'));
  full = unwrap(await openStore(join(folder, 'full')));
  for (const text of TEXTS) await addBlob(full, text);
  bundle = join(folder, 'right.tar');
  unwrap(await writeBundle(bundle, contents(), full));
});
beforeEach(async () => {
  await rm(join(folder, 'empty'), { recursive: true, force: true });
  empty = unwrap(await openStore(join(folder, 'empty')));
});
after(() => rm(folder, { recursive: true }));

async function addBlob(store: Store, text: string): Promise<void> {
  const staged = join(await store.stagingFolder(), 'file');
  await writeFile(staged, text);
  await store.addBlob(staged, digestOfBytes(text));
}

function contents(changes: Partial<BundleContents> = {}): BundleContents {
  return {
    sources: NAMES.map((name, at) => ({
      name,
      version: '1',
      digest: digestOfBytes(TEXTS[at] ?? ''),
      archive: `${name}.tar`,
      origins: [`https://${name}.example/`],
    })),
    lists: [{ name: 'packages.list', bytes: Buffer.from('# The pins.\n') }],
    timeSeconds: 1_700_000_000,
    ...changes,
  };
}

function pin(name: string, digest: Digest, sizeBytes?: number): Pin {
  return {
    name,
    version: '1',
    origin: { kind: 'apt', source: name, version: '1', file: 'f', text: `apt:${name}=1/f` },
    digest,
    sizeBytes,
    line: 1,
  };
}

/** Fetches all three from a bundle alone: what came, and what is wrong. */
async function fetchFrom(file: string, extra: readonly Pin[] = []) {
  const opened = await openBundle(file);
  if (!opened.ok) return { names: [], problems: [opened.problem] };
  const pins = [
    ...NAMES.map((name, at) => pin(name, digestOfBytes(TEXTS[at] ?? ''), (TEXTS[at] ?? '').length)),
    ...extra,
  ];
  const fetched = await fetchSources(new Map(pins.map((one) => [one.name, [one]])), empty, {
    mirrors: new Map(),
    aptStateFolder: join(folder, 'apt'),
    emit: () => undefined,
    order: ['file'],
    bundle: opened.value,
  });
  if (!fetched.ok) return { names: [], problems: fetched.problems };
  return { names: [...fetched.value.keys()], problems: [] };
}

async function changed(change: (bytes: Buffer) => Buffer): Promise<string> {
  const file = join(folder, 'changed.tar');
  await writeFile(file, change(await readFile(bundle)));
  return file;
}

/** An archive of our own making, each file with its header. */
async function archive(...files: readonly (readonly [name: string, text: string])[]): Promise<string> {
  const parts = files.flatMap(([name, text]) => {
    const bytes = Buffer.from(text);
    return [encodeTarHeader({ name, sizeBytes: bytes.length }, 0), bytes, Buffer.alloc(-bytes.length & 511)];
  });
  const file = join(folder, 'own.tar');
  await writeFile(file, Buffer.concat([...parts, Buffer.alloc(1024)]));
  return file;
}

/** The digests of what the store that began empty holds. */
async function blobs(): Promise<string[]> {
  const names = await readdir(join(folder, 'empty'), { recursive: true });
  return names.flatMap((name) => /^blobs\/..\/(.+)$/.exec(name)?.[1] ?? []);
}

describe('a bundle', () => {
  test('is an archive that tar reads: sorted, of root, of one time', () => {
    const listed = execFileSync('tar', ['-tvf', bundle, '--numeric-owner', '--full-time'], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
    });
    const lines = listed.trimEnd().split('\n');
    const names = lines.map((line) => line.split(' ').at(-1));
    const sources = TEXTS.map((text) => `sources/${digestOfBytes(text)}`).sort();
    assert.deepEqual(names, ['index.json', 'packages.list', ...sources]);
    for (const line of lines) assert.match(line, /^-rw-r--r-- 0\/0 +\d+ 2023-11-14 22:13:20/);
  });

  test('says what it holds, and holds the lists as they are', () => {
    const read = (name: string) => execFileSync('tar', ['-xOf', bundle, name], { encoding: 'utf8' });
    assert.equal(read('packages.list'), '# The pins.\n');
    const index = JSON.parse(read('index.json'));
    assert.deepEqual(index.sources[0], {
      name: 'a',
      version: '1',
      digest: digestOfBytes('the first source'),
      archive: 'a.tar',
      origins: ['https://a.example/'],
      sizeBytes: 16,
      path: `sources/${digestOfBytes('the first source')}`,
    });
    assert.deepEqual(index.lists, ['packages.list']);
  });

  test('has the same bytes however its sources were ordered', async () => {
    const again = join(folder, 'again.tar');
    unwrap(await writeBundle(again, contents({ sources: contents().sources.toReversed() }), full));
    assert.ok((await readFile(again)).equals(await readFile(bundle)));
  });

  test('gives every source to an empty store', async () => {
    assert.deepEqual(await fetchFrom(bundle), { names: NAMES, problems: [] });
    assert.deepEqual((await blobs()).sort(), TEXTS.map((text) => digestOfBytes(text)).sort());
  });

  test('is not written when a source of it is damaged in the store, nor into a folder that is not there', async () => {
    await mkdir(join(folder, 'bad'));
    const bad = unwrap(await openStore(join(folder, 'bad/store')));
    for (const text of TEXTS) await addBlob(bad, text);
    const blob = bad.blobPath(digestOfBytes('the first source'));
    execFileSync('chmod', ['u+w', blob]);
    await writeFile(blob, 'The first source');
    const damaged = await writeBundle(join(folder, 'bad/b.tar'), contents(), bad);
    assert.deepEqual(damaged.ok ? [] : [damaged.problem.kind, damaged.problem.subject], [
      'store-damaged',
      'a',
    ]);
    assert.deepEqual(await readdir(join(folder, 'bad')), ['store']);
    const nowhere = await writeBundle(join(folder, 'nowhere/b.tar'), contents(), full);
    assert.equal(nowhere.ok ? undefined : nowhere.problem.kind, 'wrong-usage');
    const aFolder = await writeBundle(join(folder, 'bad'), contents(), full);
    assert.equal(aFolder.ok ? undefined : aFolder.problem.kind, 'wrong-usage');
  });
});

describe('a bundle that is not right', () => {
  test('with a flipped byte in a source gives no such source, and says which', async () => {
    const at = (await readFile(bundle)).indexOf('the first source');
    const file = await changed((bytes) => bytes.fill(0x58, at, at + 1));
    const { problems } = await fetchFrom(file);
    assert.deepEqual(
      problems.map(({ kind, subject }) => `${kind} ${subject}`),
      ['digest-mismatch a'],
    );
    assert.ok(!(await blobs()).includes(digestOfBytes('the first source')));
    assert.deepEqual(await readdir(join(folder, 'empty/staging')), []);
  });

  test('gives what is pinned or a problem, whichever byte is flipped and wherever it is cut off', async () => {
    const right = await readFile(bundle);
    const pinned = TEXTS.map((text) => digestOfBytes(text));
    let refused = 0;
    const change = fc.record({
      at: fc.nat(right.length - 1),
      bit: fc.integer({ min: 0, max: 7 }),
      keep: fc.option(fc.nat(right.length - 1)),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, bit, keep }) => {
        await rm(join(folder, 'empty'), { recursive: true, force: true });
        empty = unwrap(await openStore(join(folder, 'empty')));
        const file = await changed((bytes) => {
          bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
          return keep === null ? bytes : bytes.subarray(0, keep);
        });
        const { problems } = await fetchFrom(file);
        if (problems.length > 0) refused += 1;
        for (const name of await blobs()) {
          assert.ok(pinned.includes(name as Digest));
          assert.equal(digestOfBytes(await readFile(empty.blobPath(name as Digest))), name);
        }
      }),
      { numRuns: 150 },
    );
    assert.ok(refused > 50);
  });

  test('that is cut off is refused before anything is taken', async () => {
    for (const length of [0, 100, 512, 1500]) {
      const { problems } = await fetchFrom(await changed((bytes) => bytes.subarray(0, length)));
      assert.match(problems[0]?.message ?? '', /cut off/, String(length));
    }
    const { problems } = await fetchFrom(await changed((bytes) => bytes.subarray(0, bytes.length - 1024)));
    assert.match(problems[0]?.message ?? '', /cut off/);
    assert.deepEqual(await blobs(), []);
  });

  test('without a source that is pinned is a problem that names both', async () => {
    const { problems } = await fetchFrom(bundle, [pin('other', digestOfBytes('other'))]);
    assert.deepEqual(
      problems.map(({ kind, subject }) => `${kind} ${subject}`),
      ['source-unavailable other'],
    );
    assert.match(problems[0]?.message ?? '', /right\.tar does not hold other/);
  });

  test('that is something else is refused: names that lead elsewhere, twins, links, text, nothing, a folder', async () => {
    const digest = digestOfBytes(TEXTS[0] ?? '');
    const cases: readonly (readonly [file: () => string | Promise<string>, message: RegExp])[] = [
      [() => archive(['index.json', '{'], ['../../evil', 'x']), /holds \.\.\/\.\.\/evil/],
      [() => archive(['index.json', '{'], [`sources/../${digest}`, 'x']), /holds sources\/\.\./],
      [() => archive(['index.json', '{'], ['/etc/passwd', 'x']), /holds \/etc\/passwd/],
      [() => archive(['index.json', '{'], ['a\x1b[2J', 'x']), /holds a\\x1b\[2J/],
      [() => archive(['index.json', '{'], [`sources/${digest}`, 'x'], [`sources/${digest}`, 'y']), /twice/],
      [() => archive([`sources/${digest}`, 'x']), /does not begin with index\.json/],
      [() => archive(), /holds nothing/],
      [() => join(folder, 'absent.tar'), /no such file/],
      [() => folder, /no plain file/],
    ];
    for (const [file, message] of cases) {
      const { problems } = await fetchFrom(await file());
      assert.match(problems[0]?.message ?? '', message);
      assert.equal(problems[0]?.kind, 'source-unreadable');
    }
    const link = join(folder, 'link.tar');
    execFileSync('ln', ['-sf', '/etc/passwd', join(folder, 'index.json')]);
    execFileSync('tar', ['-cf', link, '-C', folder, 'index.json']);
    assert.match((await fetchFrom(link)).problems[0]?.message ?? '', /no bundle/);
    assert.deepEqual(await blobs(), []);
  });

  test('with bytes under the name of other bytes gives none of them', async () => {
    const digest = digestOfBytes(TEXTS[0] ?? '');
    const { problems } = await fetchFrom(
      await archive(['index.json', '{'], [`sources/${digest}`, 'other bytes']),
    );
    assert.equal(problems[0]?.kind, 'digest-mismatch');
    assert.deepEqual(await blobs(), []);
  });
});

test('a header says what was written into it, and nothing once a bit of it is flipped', () => {
  const entry = fc.record({
    name: fc.stringMatching(/^[a-z/.-]{1,100}$/),
    sizeBytes: fc.nat(8 ** 11 - 1),
    bit: fc.nat(512 * 8 - 1),
  });
  fc.assert(
    fc.property(entry, ({ name, sizeBytes, bit }) => {
      const header = encodeTarHeader({ name, sizeBytes }, 0);
      assert.deepEqual(decodeTarHeader(header), { name, sizeBytes });
      header[bit >> 3] = (header[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const read = decodeTarHeader(header);
      // Of the sum's own field, the space behind it counts for nothing.
      assert.ok(read === undefined || (read.name === name && read.sizeBytes === sizeBytes));
    }),
  );
});
