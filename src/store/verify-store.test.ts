import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openStore } from './local-store.ts';
import { repairStore } from './quarantine.ts';
import { buildToys, copyStore, toyKey } from './testing.ts';
import { verifyStore } from './verify-store.ts';

/** Memory where there is some: what is synced here is thrown away in the end. */
const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

let folder = '';
let pristine = '';
let artifacts: Awaited<ReturnType<typeof buildToys>>;

before(async () => {
  folder = mkdtempSync(join(parent, 'verify-store-test-'));
  pristine = join(folder, 'pristine');
  artifacts = await buildToys(pristine);
});
after(() => rmSync(folder, { recursive: true }));

const verify = (root: string) => verifyStore(root, { keyOf: toyKey });

/** Damages one path of a store; false when that damage cannot be done to it. */
type Damage = (path: string, root: string) => boolean;

const DAMAGES: Readonly<Record<string, Damage>> = {
  'its first bit flipped': (path) => flip(path, (bytes) => 0 * bytes.length),
  'a bit in its middle flipped': (path) => flip(path, (bytes) => bytes.length >> 1),
  'its last bit flipped': (path) => flip(path, (bytes) => bytes.length - 1),
  'cut short': (path) => rewrite(path, (bytes) => bytes.subarray(0, bytes.length >> 1)),
  'made longer': (path) => rewrite(path, (bytes) => Buffer.concat([bytes, Buffer.from(' ')])),
  'writable by others': (path) => setMode(path, 0o777),
  'replaced by a link to a copy': (path, root) => {
    const copy = join(dirname(root), `copy-${basename(root)}`);
    renameSync(path, copy);
    symlinkSync(copy, path);
    return true;
  },
  'replaced by a folder': (path) => {
    if (lstatSync(path).isDirectory()) return false;
    unlinkSync(path);
    mkdirSync(path);
    return true;
  },
  'beside something that does not belong there': (path) => {
    writeFileSync(join(dirname(path), 'ex.tra'), 'x');
    return true;
  },
  'swapped with one of its kind': (path, root) => {
    const other = pathsOf(root).find((one) => canStandFor(one, path) && !isSame(one, path));
    if (other === undefined) return false;
    const aside = join(root, 'staging', 'aside');
    renameSync(path, aside);
    renameSync(other, path);
    renameSync(aside, other);
    return true;
  },
  removed: (path) => {
    rmSync(path, { recursive: true });
    return true;
  },
};

/** Times and modes are looked at where they decide something: in artifacts. */
const TREE_DAMAGES: Readonly<Record<string, Damage>> = {
  'of another mode': (path) => setMode(path, lstatSync(path).isDirectory() ? 0o700 : 0o640),
  'of another time': (path) => {
    lutimesSync(path, 1, 1);
    return true;
  },
  'a link to elsewhere': (path) => {
    if (!lstatSync(path).isSymbolicLink()) return false;
    const { mtimeMs } = lstatSync(path);
    const target = `x${readlinkSync(path).slice(1)}`;
    unlinkSync(path);
    symlinkSync(target, path);
    lutimesSync(path, mtimeMs / 1000, mtimeMs / 1000);
    return true;
  },
};

describe('a store as it was written', () => {
  it('is sound, whoever copied it', async () => {
    const verdict = await verify(pristine);
    assert.deepEqual(verdict.faults, []);
    // The twins are one artifact.
    assert.deepEqual([verdict.artifacts, verdict.blobs, verdict.records], [3, 2, 9]);
    assert.ok(verdict.sizeBytes > 600_000);
  });

  it('is sound with what an interrupted write left beside it', async () => {
    const root = copy('left-over');
    writeFileSync(join(root, 'version.12.3.new'), '');
    mkdirSync(join(root, 'staging/run-x'));
    assert.deepEqual((await verify(root)).faults, []);
  });
});

describe('what is gone as a whole', () => {
  it('is no fault, and is made anew', async () => {
    const paths = pathsOf(pristine).filter((path) => /\/(?:blobs|keys|builds|uses)\//.test(path));
    assert.ok(paths.length > 10);
    for (const [at, path] of paths.entries()) {
      const root = copy(`gone-${at}`);
      rmSync(join(root, relative(pristine, path)), { recursive: true });
      assert.deepEqual((await verify(root)).faults, []);
      assert.deepEqual(await buildToys(root), artifacts);
      rmSync(root, { recursive: true });
    }
  });
});

describe('damage to any path of a store', () => {
  for (const [name, damage] of Object.entries({ ...DAMAGES, ...TREE_DAMAGES })) {
    it(`is found, set aside and made anew: ${name}`, async () => {
      const paths = pathsOf(pristine).filter((path) => isExpected(relative(pristine, path), name));
      let done = 0;
      for (const [at, path] of paths.entries()) {
        const what = relative(pristine, path);
        const root = copy(`${name.replaceAll(' ', '-')}-${at}`);
        if (!damage(join(root, what), root)) continue;
        done += 1;
        await expectFoundAndMended(root, `${what}: ${name}`);
        rmSync(root, { recursive: true });
      }
      assert.ok(done > 0);
    });
  }
});

async function expectFoundAndMended(root: string, what: string): Promise<void> {
  const opened = await openStore(root);
  if (!opened.ok) {
    // Nothing at all is done with a store that is not ours alone, or of no version that we know.
    assert.ok(['refused', 'store-version', 'store-unusable'].includes(opened.problem.kind), what);
    return;
  }
  const { faults } = await verify(root);
  assert.ok(faults.length > 0, `${what} was not found`);
  await repairStore(root, faults);
  assert.deepEqual((await verify(root)).faults, [], what);
  assert.deepEqual(await buildToys(root), artifacts, what);
  assert.deepEqual((await verify(root)).faults, [], what);
  assert.ok(existsSync(join(root, 'quarantine')), what);
}

/** Whether a damage leaves something that a store says it has: a source or a record that is gone is just not there. */
function isExpected(path: string, damage: string): boolean {
  const [top] = path.split('/');
  if (top === 'staging') return false;
  if (damage in TREE_DAMAGES) return top === 'artifacts' && path.includes('/tree/');
  return damage !== 'removed' || top === 'CACHEDIR.TAG' || top === 'artifacts';
}

function pathsOf(root: string): string[] {
  const found = readdirSync(root, { recursive: true, withFileTypes: true });
  return found.map((entry) => join(entry.parentPath, entry.name)).sort();
}

function canStandFor(one: string, path: string): boolean {
  const [a, b] = [lstatSync(one), lstatSync(path)];
  if (!a.isFile() || !b.isFile() || one === path) return false;
  return a.mode === b.mode && kindOf(one) === kindOf(path);
}

/** Which part of a store a path is in, as far as names go that are the same everywhere. */
function kindOf(path: string): string {
  return path.includes('/tree/')
    ? 'tree'
    : path.replace(/^.*\/pristine\/|[0-9a-f]{64}/g, '').replace(/\/.*/, '');
}

function isSame(one: string, path: string): boolean {
  return readFileSync(one).equals(readFileSync(path));
}

function flip(path: string, where: (bytes: Buffer) => number): boolean {
  if (!lstatSync(path).isFile() || lstatSync(path).size === 0) return false;
  return rewrite(path, (bytes) => {
    const at = where(bytes);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    return bytes;
  });
}

/** As a failing disk does it: no time and no mode tells of it. */
function rewrite(path: string, change: (bytes: Buffer) => Buffer): boolean {
  const { mode, mtimeMs } = lstatSync(path);
  if (!lstatSync(path).isFile() || lstatSync(path).size === 0) return false;
  const bytes = change(readFileSync(path));
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
  chmodSync(path, mode & 0o7777);
  lutimesSync(path, mtimeMs / 1000, mtimeMs / 1000);
  return true;
}

function setMode(path: string, mode: number): boolean {
  if (lstatSync(path).isSymbolicLink()) return false;
  const { mtimeMs } = lstatSync(path);
  chmodSync(path, mode);
  lutimesSync(path, mtimeMs / 1000, mtimeMs / 1000);
  return true;
}

function copy(name: string): string {
  const root = join(folder, name);
  copyStore(pristine, root);
  return root;
}
