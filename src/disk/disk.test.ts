import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { digestOfBytes } from '#base';
import {
  type ActiveFlag,
  activeFlagOf,
  dumpLayout,
  encodeLayout,
  encodeMbr,
  guid,
  guidBytes,
  guidFrom,
  layOut,
} from './index.ts';

const MIB = 1024 * 1024;
const seed = digestOfBytes('a seed');
const layout = layOut({ espSizeBytes: 512 * MIB, rootSizeBytes: 200 * MIB, seed });

test('the layout keeps the numbers 1 and 2 for ESP and root, and puts 3 into the gap before them', () => {
  assert.equal(
    dumpLayout(layout),
    `label: gpt
label-id: 5C18C2C4-379A-8E23-BB61-148B4119597A
unit: sectors
first-lba: 34
last-lba: 1462238
sector-size: 512

1 : start=    2048, size= 1048576, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, uuid=991E878C-1DF1-8721-904C-3C1D678E3C42, name="esp"
2 : start= 1050624, size=  409600, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, uuid=16EE1C7C-EEA2-81AA-8E55-8D34FB9DB8E1, name="root"
3 : start=      34, size=    2014, type=21686148-6449-6E6F-744E-656564454649, uuid=F127EE1E-FC40-8D6D-9457-0578A3ED6641, name="bios-boot"
`,
  );
});

test('no two partitions overlap, and the backup table lies behind the last', () => {
  const ordered = [...layout.partitions].sort((a, b) => a.startSector - b.startSector);
  let free = layout.firstUsableSector;
  for (const partition of ordered) {
    assert.ok(partition.startSector >= free, `${partition.name} begins at ${partition.startSector}`);
    free = partition.startSector + partition.sizeSectors;
  }
  assert.ok(free - 1 <= layout.lastUsableSector);
  assert.equal(layout.sizeSectors - 1 - layout.lastUsableSector, 33);
});

test('another seed gives other GUIDs everywhere, the same seed the same', () => {
  const other = layOut({ espSizeBytes: 512 * MIB, rootSizeBytes: 200 * MIB, seed: digestOfBytes('another') });
  assert.notEqual(other.diskGuid, layout.diskGuid);
  for (const [at, partition] of layout.partitions.entries()) {
    assert.notEqual(other.partitions[at]?.guid, partition.guid);
  }
  assert.deepEqual(layOut({ espSizeBytes: 512 * MIB, rootSizeBytes: 200 * MIB, seed }), layout);
});

test('derived GUIDs are of version 8 and the usual variant', () => {
  for (let at = 0; at < 50; at += 1) {
    assert.match(
      guidFrom(seed, String(at)),
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  }
});

test('the first three groups of a GUID are little endian on disk', () => {
  assert.equal(
    guidBytes(guid('00112233-4455-6677-8899-aabbccddeeff')).toString('hex'),
    '33221100554477668899aabbccddeeff',
  );
});

test('both headers carry the checksum of themselves and of the table', () => {
  const [, primary, table, backupTable, backup] = encodeLayout(layout);
  assert.ok(primary && table && backupTable && backup);
  assert.deepEqual(table.bytes, backupTable.bytes);
  for (const header of [primary, backup]) {
    const bytes = Buffer.from(header.bytes);
    assert.equal(bytes.readUInt32LE(88), crc32(table.bytes));
    const own = bytes.readUInt32LE(16);
    bytes.writeUInt32LE(0, 16);
    assert.equal(own, crc32(bytes.subarray(0, 92)));
    assert.equal(bytes.readBigUInt64LE(24), BigInt(header.startSector));
  }
});

test('the active flag is where it was asked for, and boot code leaves the table alone', () => {
  const flags = (activeFlag: ActiveFlag) => {
    const sector = encodeMbr({ ...layout, activeFlag }, new Uint8Array(440).fill(0xcc));
    assert.equal(sector.readUInt16LE(510), 0xaa55);
    assert.equal(sector[439], 0xcc);
    assert.equal(sector[440], 0);
    assert.equal(activeFlagOf(sector), activeFlag);
    return [sector[446], sector[446 + 4], sector[462], sector[462 + 4]];
  };
  assert.deepEqual(flags('none'), [0, 0xee, 0, 0]);
  assert.deepEqual(flags('protective'), [0x80, 0xee, 0, 0]);
  assert.deepEqual(flags('dummy'), [0, 0xee, 0x80, 0]);
  assert.throws(() => encodeMbr(layout, new Uint8Array(441)), RangeError);
});

type SfdiskPartition = { start: number; size: number; type: string; uuid: string; name: string };

const hasSfdisk = spawnSync('sfdisk', ['--version']).status === 0;

for (const activeFlag of ['none', 'dummy', 'protective'] as const) {
  test(`sfdisk reads back what was laid out, active flag ${activeFlag}`, { skip: !hasSfdisk }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'disk-test-'));
    try {
      const path = join(folder, 'disk.img');
      const file = openSync(path, 'w');
      for (const { startSector, bytes } of encodeLayout({ ...layout, activeFlag })) {
        writeSync(file, bytes, 0, bytes.length, startSector * 512);
      }
      truncateSync(path, layout.sizeSectors * 512);
      const verdict = spawnSync('sfdisk', ['--verify', path], { encoding: 'utf8' });
      assert.equal(verdict.status, 0, verdict.stdout + verdict.stderr);
      assert.match(verdict.stdout, /No errors detected/);
      assert.doesNotMatch(verdict.stdout + verdict.stderr, /hybrid|corrupt|mismatch/i);
      const read = JSON.parse(execFileSync('sfdisk', ['--json', path], { encoding: 'utf8' })).partitiontable;
      assert.equal(read.label, 'gpt');
      assert.equal(read.id.toLowerCase(), layout.diskGuid);
      assert.deepEqual([read.firstlba, read.lastlba], [layout.firstUsableSector, layout.lastUsableSector]);
      assert.deepEqual(
        read.partitions.map((p: SfdiskPartition) => [p.start, p.size, p.type, p.uuid, p.name]),
        layout.partitions.map((p) => [
          p.startSector,
          p.sizeSectors,
          p.typeGuid.toUpperCase(),
          p.guid.toUpperCase(),
          p.name,
        ]),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
