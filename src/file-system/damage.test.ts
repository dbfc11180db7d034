import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { ProblemError } from '#base';
import { crc32c } from './crc32c.ts';
import { makeExt4 } from './ext4/testing-ext4.ts';
import {
  type ByteReader,
  bytesReader,
  openExt4,
  openFat32,
  patchedReader,
  type WalkedEntry,
} from './index.ts';
import { hasPrograms, run, testFolder } from './testing.ts';

/** Numbers that follow from a seed, so that a failure can be tried again (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

type Reading = {
  readonly entries: readonly WalkedEntry[];
  readonly contents: readonly string[];
  readonly problems: number;
};

/** Reads everything there is. What is thrown must be a problem; anything else fails the test. */
async function readAll(
  open: typeof openExt4 | typeof openFat32,
  reader: ByteReader,
): Promise<Reading | undefined> {
  const opened = await open(reader);
  if (!opened.ok) return undefined;
  const entries: WalkedEntry[] = [];
  const contents: string[] = [];
  let problems = 0;
  const guarded = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems += 1;
    }
  };
  for await (const entry of opened.value.walk()) {
    entries.push(entry);
    if (entry.type === 'damaged') problems += 1;
    // A size that was damaged too may be absurd.
    if (entry.type !== 'file' || entry.sizeBytes > 4 * reader.sizeBytes) continue;
    await guarded(async () => {
      let crc = 0;
      for await (const chunk of opened.value.content(entry)) crc = crc32c(crc, chunk);
      contents.push(`${entry.path} ${crc}`);
    });
  }
  await guarded(async () => void (await opened.value.usedRanges()));
  return { entries, contents, problems };
}

const skip = !hasPrograms('mke2fs', 'debugfs', 'e2fsck', 'mkfs.fat', 'mcopy');
const ROUNDS = 300;
const CONTENT = 7;

describe('damaged bytes', { skip }, () => {
  test('any damage of metadata of ext4 is told of, or changes nothing that is read', async () => {
    using folder = testFolder();
    // With blocks of 1 KiB a small file has a tree of extents with two levels.
    writeFileSync(
      join(folder.path, 'holed'),
      Buffer.concat(Array.from({ length: 800 }, (_, at) => Buffer.alloc(1024, at % 2 === 0 ? CONTENT : 0))),
    );
    const names = Array.from(
      { length: 150 },
      (_, at) => `symlink a-long-name-in-a-directory-${at} target-${at}`,
    );
    const path = makeExt4(folder.path, {
      sizeMib: 10,
      words: '-b 1024 -J size=1',
      commands: [`write ${folder.path}/holed holed`, 'mkdir many', 'cd many', ...names],
    });
    run(`e2fsck -fyD ${path} || [ $? -eq 1 ]`);
    const bytes = readFileSync(path);
    const sound = await readAll(openExt4, bytesReader(bytes));
    assert.ok(sound !== undefined && sound.problems === 0);
    const used = await usedBlocks(bytes);
    for (let seed = 1; seed <= ROUNDS; seed += 1) {
      const next = chance(seed);
      const block = used[next(used.length)] ?? 0;
      // A flipped bit in a file's own blocks is for digests to find.
      if (bytes.subarray(block, block + 1024).every((byte) => byte === CONTENT)) continue;
      const offsetBytes = block + next(1024);
      const patch = { offsetBytes, bytes: Buffer.from([(bytes[offsetBytes] ?? 0) ^ (1 << next(8))]) };
      const reading = await readAll(openExt4, patchedReader(bytesReader(bytes), [patch]));
      const isTold = reading === undefined || reading.problems > 0;
      assert.ok(
        isTold || isDeepStrictEqual(reading, sound),
        `seed ${seed}: byte ${offsetBytes} changed in silence`,
      );
    }
  });

  test('whatever is done to a FAT, reading it ends', async () => {
    using folder = testFolder();
    const path = join(folder.path, 'fat');
    writeFileSync(join(folder.path, 'bytes'), Buffer.alloc(20_000, 7));
    run(`truncate -s 34M ${path}; mkfs.fat -F 32 -s 1 ${path}; mmd -i ${path} ::/a ::/a/b
      for name in 1 2 3 long-name-of-a-file; do mcopy -i ${path} ${folder.path}/bytes ::/a/b/$name; done`);
    const bytes = readFileSync(path);
    const tables = 32 * 512;
    const clusters = tables + 2 * bytes.readUInt32LE(36) * 512;
    for (let seed = 1; seed <= ROUNDS; seed += 1) {
      const next = chance(seed);
      const place = [0, tables, clusters][next(3)] ?? 0;
      const patches = Array.from({ length: 4 }, () => ({
        offsetBytes: place + next(700),
        bytes: Buffer.from([next(256)]),
      }));
      const merged = new Map(patches.map((patch) => [patch.offsetBytes, patch]));
      await readAll(openFat32, patchedReader(bytesReader(bytes), [...merged.values()]));
    }
  });
});

/** Where the blocks in use of a sound file system lie. */
async function usedBlocks(bytes: Buffer): Promise<number[]> {
  const opened = await openExt4(bytesReader(bytes));
  assert.ok(opened.ok);
  return (await opened.value.usedRanges()).flatMap(({ offsetBytes, lengthBytes }) =>
    Array.from({ length: lengthBytes / 1024 }, (_, at) => offsetBytes + at * 1024),
  );
}
