import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOfBytes, type Result } from '#base';
import {
  type ActiveFlag,
  encodeLayout,
  type FoundLayout,
  guidBytes,
  guidFrom,
  guidOfBytes,
  type Layout,
  layOut,
  layoutForDrive,
  readLayout,
} from './index.ts';

const SECTOR = 512;
const seed = digestOfBytes('a seed');
const layout = layOut({ espSizeBytes: 2 ** 21, rootSizeBytes: 2 ** 21, seed });

function diskOf(laidOut: Layout, sizeSectors = laidOut.sizeSectors): Buffer {
  const disk = Buffer.alloc(sizeSectors * SECTOR);
  for (const { startSector, bytes } of encodeLayout(laidOut)) disk.set(bytes, startSector * SECTOR);
  return disk;
}

function read(disk: Buffer): Promise<Result<FoundLayout>> {
  return readLayout({
    sizeSectors: disk.length / SECTOR,
    async read(startSector, count) {
      assert.ok(
        startSector >= 0 && (startSector + count) * SECTOR <= disk.length,
        `${startSector}, ${count}`,
      );
      return disk.subarray(startSector * SECTOR, (startSector + count) * SECTOR);
    },
  });
}

async function found(disk: Buffer): Promise<FoundLayout> {
  const result = await read(disk);
  if (!result.ok) assert.fail(result.problem.message);
  return result.value;
}

test('what was laid out is read back, with either place of the active flag', async () => {
  for (const activeFlag of ['none', 'dummy', 'protective'] satisfies ActiveFlag[]) {
    const result = await found(diskOf({ ...layout, activeFlag }));
    assert.deepEqual(result.layout, { ...layout, activeFlag });
    assert.deepEqual([result.doAgree, result.isProtected, result.others], [true, true, []]);
    assert.deepEqual(result.primary, { isGood: true, startSector: 1 });
    assert.deepEqual(result.backup, { isGood: true, startSector: layout.sizeSectors - 1 });
  }
});

test('on a larger drive the backup goes to its end, and the partitions stay', async () => {
  const larger = layoutForDrive(layout, layout.sizeSectors + 5000);
  assert.deepEqual(larger.partitions, layout.partitions);
  const { layout: back, backup } = await found(diskOf(larger));
  assert.deepEqual(back, larger);
  assert.deepEqual(backup, { isGood: true, startSector: layout.sizeSectors + 4999 });
  assert.throws(() => layoutForDrive(layout, layout.sizeSectors - 1), RangeError);
});

test('an image that was copied to a larger drive as it was has its backup in the midst', async () => {
  const { backup, doAgree, layout: back } = await found(diskOf(layout, layout.sizeSectors + 5000));
  assert.deepEqual(backup, { isGood: true, startSector: layout.sizeSectors - 1 });
  assert.ok(doAgree);
  assert.deepEqual(back.partitions, layout.partitions);
});

test('a flipped byte in either header or table makes that one bad, and the other counts', async () => {
  const last = layout.sizeSectors - 1;
  for (const [sector, which] of [
    [1, 'primary'],
    [2, 'primary'],
    [last, 'backup'],
    [last - 32, 'backup'],
  ] as const) {
    for (const offset of [0, 20, 60, 91]) {
      const disk = diskOf(layout);
      const at = sector * SECTOR + offset;
      disk[at] = (disk[at] ?? 0) ^ 0x10;
      const result = await found(disk);
      assert.deepEqual(result.layout.partitions, layout.partitions);
      assert.equal(result[which].isGood, false, `sector ${sector}, byte ${offset}`);
      assert.equal(result[which === 'primary' ? 'backup' : 'primary'].isGood, true);
      assert.equal(result.doAgree, false);
    }
  }
});

test('two good tables that say different things do not agree', async () => {
  const disk = diskOf(layout);
  const other = { ...layout, diskGuid: guidFrom(seed, 'other') };
  for (const { startSector, bytes } of encodeLayout(other).slice(3)) disk.set(bytes, startSector * SECTOR);
  const { primary, backup, doAgree } = await found(disk);
  assert.deepEqual([primary.isGood, backup.isGood, doAgree], [true, true, false]);
});

test('tables that match their checksums, but make no sense, are bad', async () => {
  const [first, ...rest] = layout.partitions;
  assert.ok(first !== undefined);
  for (const partition of [
    { ...first, startSector: 10 },
    { ...first, sizeSectors: 0 },
    { ...first, sizeSectors: layout.sizeSectors },
    { ...first, startSector: 2 ** 50 },
  ]) {
    const result = await read(diskOf({ ...layout, partitions: [partition, ...rest] }));
    assert.ok(!result.ok);
    assert.equal(result.problem.kind, 'partition-table-damaged');
    assert.equal(result.problem.details?.length, 2);
  }
});

test('partitions of other types are named apart', async () => {
  const [first, ...rest] = layout.partitions;
  assert.ok(first !== undefined);
  const typeGuid = guidFrom(seed, 'a type of somebody else');
  const { layout: back, others } = await found(
    diskOf({ ...layout, partitions: [{ ...first, typeGuid }, ...rest] }),
  );
  assert.deepEqual(back.partitions, rest);
  assert.deepEqual(
    others.map(({ number, typeGuid: type }) => [number, type]),
    [[1, typeGuid]],
  );
});

test('a disk with no table, and one too small for any, is a problem', async () => {
  for (const sectors of [1, 2, 3, 40, 5000]) {
    const result = await read(Buffer.alloc(sectors * SECTOR));
    assert.ok(!result.ok);
  }
});

test('a GUID is read from the bytes that it is on disk', () => {
  assert.equal(guidOfBytes(guidBytes(layout.diskGuid)), layout.diskGuid);
});
