/** What grow-table does, and what it leaves alone. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, describe, it } from 'node:test';
import { ALIGN_SECTORS, encodeMbr, type Layout, PARTITION_TYPES, partitionOf, SECTOR_BYTES } from '#disk';
import { partitionAsLinux } from './gpt-as-linux.ts';
import { compileGrowTable, drivePath, driveWith, grow, image, record, root, skip } from './grow-table-rig.ts';

const NOT_OURS = 1;
const ROOM = 2 * ALIGN_SECTORS + 7;

describe('grow-table', { skip }, () => {
  before(compileGrowTable);

  it('gives the root all the room there is, and then has nothing more to do', () => {
    const drive = driveWith(ROOM);
    const { after, status, stdout } = grow(drive);
    assert.equal(status, 0);
    assert.equal(stdout, 'The root partition has grown to the end of the drive\n');
    const usableSectors = drive.length / SECTOR_BYTES - 33;
    assert.deepEqual(partitionAsLinux(after, root.number), {
      first: root.startSector,
      last: Math.floor(usableSectors / ALIGN_SECTORS) * ALIGN_SECTORS - 1,
    });
    // An opinion of somebody else, on both copies and the protective MBR.
    const sfdisk = spawnSync('sfdisk', ['--verify', drivePath], { encoding: 'utf8' });
    assert.match(sfdisk.stdout, /No errors detected/);
    assert.equal(sfdisk.stderr, '');
    const again = record(after);
    assert.deepEqual([again.status, again.stdout, again.flushes], [0, '', []]);
  });

  it('leaves a drive of the size of the image as it is', () => {
    const { status, stdout, flushes } = record(driveWith(0));
    assert.deepEqual([status, stdout, flushes], [0, '', []]);
  });

  it('flushes the backup before it touches the primary, and that one before sector 0', () => {
    const { flushes, after } = record(driveWith(ROOM));
    const last = after.length / SECTOR_BYTES - 1;
    const places = flushes.map((flush) => [flush.at(0)?.sector, flush.at(-1)?.sector]);
    assert.deepEqual(places, [
      [last - 32, last],
      [1, 33],
      [0, 0],
    ]);
  });

  it('makes a torn primary again from the backup at the end of the drive', () => {
    const whole = grow(driveWith(ROOM)).after;
    const torn = Buffer.from(whole).fill(0xff, SECTOR_BYTES, 34 * SECTOR_BYTES);
    const { status, stdout, after } = grow(torn);
    assert.deepEqual([status, stdout], [0, 'The partition table was torn; it is whole again\n']);
    assert.ok(after.equals(whole));
  });

  it('makes a torn primary again from the backup where its header says that it is, and then grows', () => {
    const torn = driveWith(ROOM).fill(0xff, 2 * SECTOR_BYTES, 3 * SECTOR_BYTES);
    const { status, stdout, after } = grow(torn);
    assert.equal(status, 0);
    assert.match(stdout, /^The partition table was torn.*\nThe root partition has grown/);
    assert.ok(after.equals(grow(driveWith(ROOM)).after));
  });

  it('gets over any damaged byte of the primary', () => {
    const whole = grow(driveWith(ROOM)).after;
    for (let at = SECTOR_BYTES; at < 3 * SECTOR_BYTES; at += 5) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x40, at);
      const { status, after } = grow(damaged);
      assert.equal(status, 0, `byte ${at}`);
      assert.ok(after.equals(whole), `byte ${at}`);
    }
  });

  it('moves the backup to the end of the drive also where there is no room to grow', () => {
    const { status, stdout, after } = grow(driveWith(ALIGN_SECTORS / 2));
    assert.equal(status, 0);
    assert.match(stdout, /copy at the end of the drive/);
    assert.equal(partitionAsLinux(after, root.number)?.last, root.startSector + root.sizeSectors - 1);
    const torn = Buffer.from(after).fill(0, SECTOR_BYTES, 34 * SECTOR_BYTES);
    assert.equal(partitionAsLinux(torn, root.number)?.first, root.startSector);
  });

  it('does not grow into a partition that somebody has made behind the root', () => {
    const behind: Layout = {
      ...image,
      partitions: image.partitions.map((partition) =>
        // The BIOS boot partition may lie anywhere.
        partition.role === 'bios-boot'
          ? { ...partition, startSector: root.startSector + root.sizeSectors, sizeSectors: 8 }
          : partition,
      ),
    };
    const { status, after } = grow(driveWith(ROOM, 0, behind));
    assert.equal(status, 0);
    assert.equal(partitionAsLinux(after, root.number)?.last, root.startSector + root.sizeSectors - 1);
  });

  it('leaves sector 0 alone where the drive is shared with an old table', () => {
    const drive = driveWith(ROOM);
    drive.writeUInt8(0x0c, 446 + 32 + 4);
    const { after } = grow(drive);
    assert.ok(after.subarray(0, SECTOR_BYTES).equals(drive.subarray(0, SECTOR_BYTES)));
  });

  const untouched: readonly (readonly [string, Buffer, number?])[] = [
    ['nothing', Buffer.alloc(4 * 1024 * 1024)],
    ['noise', Buffer.alloc(4 * 1024 * 1024, 'noise ')],
    ['an MBR alone', Buffer.concat([encodeMbr(image), Buffer.alloc(4 * 1024 * 1024)])],
    ['two damaged copies', bothDamaged()],
    ['a drive that is smaller than its table says', driveWith(0).subarray(0, -64 * SECTOR_BYTES)],
    ['a partition that is no root', driveWith(ROOM), partitionOf(image, 'esp').number],
    ['an empty place of the table', driveWith(ROOM), 7],
    ['partitions that overlap', overlapping()],
    ['a drive of one sector', Buffer.alloc(SECTOR_BYTES)],
  ];
  for (const [what, drive, number] of untouched) {
    it(`does not touch what it does not understand: ${what}`, () => {
      const { status, stdout, stderr, after } = grow(drive, number);
      assert.deepEqual([status, stdout], [NOT_OURS, '']);
      assert.notEqual(stderr, '');
      assert.ok(after.equals(drive));
    });
  }
});

function bothDamaged(): Buffer {
  const drive = driveWith(0);
  drive.writeUInt8(1, SECTOR_BYTES + 60);
  drive.writeUInt8(1, drive.length - SECTOR_BYTES + 60);
  return drive;
}

function overlapping(): Buffer {
  const partitions = image.partitions.map((partition) =>
    partition.typeGuid === PARTITION_TYPES.esp
      ? { ...partition, sizeSectors: partition.sizeSectors + 1 }
      : partition,
  );
  return driveWith(ROOM, 0, { ...image, partitions });
}
