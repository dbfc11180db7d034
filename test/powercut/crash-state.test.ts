import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Crash, chooseCrash, wholeLog } from './crash-state.ts';
import { countOtherSectors, keptPieces, makeState } from './make-state.ts';
import { seedFor } from './random.ts';
import { FLUSH, handLog, write } from './testing.ts';

const SEEDS = Array.from({ length: 20_000 }, (_, part) => seedFor(1, part));

describe('what a drive holds after a crash', () => {
  const log = handLog([
    write(0, 'a'),
    write(1, 'b'),
    FLUSH,
    write(0, 'c'),
    write(1, 'def'),
    FLUSH,
    write(2, 'g'),
  ]);

  test('is decided by the seed alone', () => {
    for (const seed of [0, 1, 4711]) assert.deepEqual(chooseCrash(log, seed), chooseCrash(log, seed));
  });

  test('is everything before the last flush, and any choice of what came behind', () => {
    const contents = new Set(SEEDS.map((seed) => lettersOn(chooseCrash(log, seed))));
    // Before the first flush each sector has its letter or not; behind it, each of the four sectors of two writes;
    // behind the second flush, the last one.
    const before = ['.', 'a'].flatMap((first) => ['.', 'b'].map((second) => `${first}${second}..`));
    const between = ['a', 'c'].flatMap((first) =>
      ['b', 'd'].flatMap((second) =>
        ['.', 'e'].flatMap((third) => ['.', 'f'].map((fourth) => first + second + third + fourth)),
      ),
    );
    assert.deepEqual([...contents].sort(), [...new Set([...before, ...between, 'cdef', 'cdgf'])].sort());
  });

  test('is never more than was asked for before the next flush', () => {
    for (const seed of SEEDS) {
      const { flushAt, at, kept } = chooseCrash(log, seed);
      const next = log.entries.findIndex(({ isFlush }, index) => isFlush && index > flushAt);
      const end = next === -1 ? log.entries.length : next;
      assert.ok(at >= flushAt && at < Math.max(end, 1), `${at}`);
      assert.ok(kept.every(({ entry }) => entry > flushAt && entry < end));
    }
  });

  test('is all of it when the drive had time', () => {
    assert.equal(lettersOn(wholeLog(log)), 'cdgf');
    assert.equal(wholeLog(log).at, 6);
  });

  test('is written to a copy of what it held before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'blazeneuro-crash-'));
    try {
      const [base, state] = [join(folder, 'base'), join(folder, 'state')];
      await writeFile(base, Buffer.alloc(8 * 512, '.'));
      for (const seed of [1, 2, 3]) {
        const crash = chooseCrash(log, seed);
        await makeState(base, state, { log, crash });
        assert.equal(lettersIn(await readFile(state)), lettersOn(crash));
      }
      assert.equal(lettersIn(await readFile(base)), '....');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  function lettersOn(crash: Crash): string {
    const drive = Buffer.alloc(8 * 512, '.');
    for (const { from, lengthBytes, to } of keptPieces(log, crash)) {
      log.bytes.copy(drive, to, from, from + lengthBytes);
    }
    return lettersIn(drive);
  }

  function lettersIn(drive: Buffer): string {
    return [0, 1, 2, 3].map((sector) => String.fromCharCode(drive[sector * 512] ?? 0)).join('');
  }
});

test('a forced write is safe once it is done, and only itself', () => {
  const log = handLog([FLUSH, write(0, 'a'), write(1, 'b', 2), write(2, 'c')]);
  const kept = SEEDS.map((seed) => chooseCrash(log, seed)).filter(({ at }) => at >= 2);
  const has = (crash: Crash, entry: number) => crash.kept.some((write) => write.entry === entry);
  assert.ok(kept.length > 500 && kept.every((crash) => has(crash, 2)));
  assert.ok(kept.some((crash) => !has(crash, 1)) && kept.some((crash) => has(crash, 3)));
  const early = SEEDS.map((seed) => chooseCrash(log, seed)).filter(
    ({ at, flushAt }) => flushAt === 0 && at < 2,
  );
  assert.ok(early.some((crash) => !has(crash, 2)));
});

test('a flush that carries a write flushes first', () => {
  const log = handLog([write(0, 'a'), write(1, 'b', 1), write(2, 'c')]);
  const crashes = SEEDS.map((seed) => chooseCrash(log, seed)).filter(({ flushAt }) => flushAt === 1);
  assert.ok(crashes.some(({ kept }) => kept.every(({ entry }) => entry !== 1)));
  assert.ok(crashes.some(({ kept }) => kept.some(({ entry }) => entry === 1)));
});

test('an empty log leaves the drive as it was', () => {
  const log = handLog([]);
  assert.deepEqual(chooseCrash(log, 1), { at: -1, flushAt: -1, kept: [], droppedCount: 0 });
  assert.deepEqual(wholeLog(log), { at: -1, flushAt: -1, kept: [], droppedCount: 0 });
});

test('a drive that holds something else than its log is noticed', async () => {
  const log = handLog([write(0, 'aa'), write(1, 'b'), FLUSH]);
  const folder = await mkdtemp(join(tmpdir(), 'blazeneuro-log-'));
  const drive = join(folder, 'drive');
  const letters = (text: string) => Buffer.concat([...text].map((letter) => Buffer.alloc(512, letter)));
  try {
    await writeFile(drive, letters('ab..'));
    assert.equal(await countOtherSectors(log, drive), 0);
    await writeFile(drive, letters('aax.'));
    assert.equal(await countOtherSectors(log, drive), 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
