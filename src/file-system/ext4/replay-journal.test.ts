import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type ByteReader, openExt4, replayJournal } from '../index.ts';
import { fileReader, hasPrograms, run, testFolder } from '../testing.ts';
import { debugfs, FEATURES, makeExt4 } from './testing-ext4.ts';

const BLOCK = 4096;
const skip = !hasPrograms('mke2fs', 'debugfs', 'e2fsck');
const MAGIC = Buffer.from('c03b3998', 'hex');

async function replayed(reader: ByteReader): Promise<ByteReader> {
  const result = await replayJournal(reader);
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** Writes blocks of content into the journal by debugfs, as transactions that were never replayed. */
function journaled(folder: string, features: string, checksums: string): { path: string; blocks: number[] } {
  const path = makeExt4(folder, { features, commands: ['mkdir a'] });
  const first = Number(/\((?:0|0-\d+)\):(\d+)/.exec(run(`debugfs -R 'stat <8>' ${path} 2>/dev/null`))?.[1]);
  assert.ok(first > 0);
  // Free blocks far behind: what they hold is of no matter to anybody but this test.
  const blocks = [9000, 9001, 9002, 9500];
  const content = (fill: number, begin = Buffer.alloc(0)) => {
    const name = join(folder, `content-${fill}`);
    writeFileSync(name, Buffer.concat([begin, Buffer.alloc(BLOCK - begin.length, fill)]));
    return name;
  };
  writeFileSync(
    join(folder, 'two'),
    Buffer.concat([readFileSync(content(1)), readFileSync(content(2, MAGIC))]),
  );
  debugfs(path, [
    `jo ${checksums}`,
    `jw -b 9000,9001 ${folder}/two`,
    `jw -b 9002 ${content(3)}`,
    'jw -r 9002',
    `jw -b 9500 ${content(4)}`,
    `jw -b 9000 ${content(5)}`,
    'jc',
  ]);
  return { path, blocks };
}

describe('the journal of ext4', { skip }, () => {
  for (const [name, features, checksums] of [
    ['with checksums', FEATURES, '-c'],
    ['without checksums', FEATURES, ''],
    ['without 64 bits', FEATURES.replace('64bit,', ''), '-c -v 3'],
  ] as const) {
    test(`is replayed in memory to what e2fsck writes: ${name}`, async () => {
      using folder = testFolder();
      const { path, blocks } = journaled(folder.path, features, checksums);
      const mended = join(folder.path, 'mended');
      copyFileSync(path, mended);
      run(`e2fsck -y -E journal_only ${mended} 2>&1 || [ $? -le 1 ]`);
      using reader = fileReader(path);
      using expected = fileReader(mended);
      const opened = await openExt4(reader);
      assert.ok(opened.ok && opened.value.needsRecovery && !opened.value.isClean);
      const whole = await replayed(reader);
      for (const block of blocks) {
        const bytes = await whole.read(block * BLOCK, BLOCK);
        assert.ok(bytes.equals(await expected.read(block * BLOCK, BLOCK)), `block ${block}`);
      }
      const firstByte = async (block: number) => (await whole.read(block * BLOCK + 5, 1))[0];
      assert.deepEqual(await Promise.all(blocks.map(firstByte)), [5, 2, 0, 4]);
      assert.deepEqual(await whole.read(9001 * BLOCK, 4), MAGIC);
    });
  }

  test('an empty journal changes nothing', async () => {
    using folder = testFolder();
    using reader = fileReader(makeExt4(folder.path));
    assert.equal(await replayed(reader), reader);
  });

  test('a transaction that was cut off counts for nothing, a damaged block in a whole one is told of', async () => {
    using folder = testFolder();
    const { path } = journaled(folder.path, FEATURES, '-c');
    const journal = run(`debugfs -R 'blocks <8>' ${path} 2>/dev/null`).trim().split(/\s+/).map(Number);
    const bytes = readFileSync(path);
    const typeOf = (block: number) => {
      const at = block * BLOCK;
      return bytes.subarray(at, at + 4).equals(MAGIC) ? bytes.readUInt32BE(at + 4) : 0;
    };
    const log = journal.slice(1, 20);
    const lastCommit = log.findLast((block) => typeOf(block) === 2) ?? assert.fail('no commit');
    const withFlip = async (block: number, offset: number) => {
      const other = Buffer.from(bytes);
      other[block * BLOCK + offset] = (other[block * BLOCK + offset] ?? 0) ^ 1;
      return replayJournal({
        sizeBytes: other.length,
        read: async (at, length) => other.subarray(at, at + length),
      });
    };
    const cut = await withFlip(lastCommit, 100);
    assert.ok(cut.ok);
    assert.equal((await cut.value.read(9000 * BLOCK, 1))[0], 1);
    const firstData = log.find((block) => typeOf(block) === 0) ?? assert.fail('no data');
    // The first block of the first transaction was overwritten by the last, but 9001 beside it was not.
    const told = await withFlip(firstData + 1, 100);
    assert.ok(!told.ok);
    assert.match(told.problem.message, /journal does not match its checksum/);
    const head = await withFlip(journal[0] ?? 0, 0x60);
    assert.ok(!head.ok);
    assert.match(head.problem.message, /superblock does not match/);
  });
});
