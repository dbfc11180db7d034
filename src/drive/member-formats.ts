import { type Ends, type Format, hasAt, textAt, uuidAt } from './format.ts';

const KIB = 1024;
const SECTOR_BYTES = 512;

/** Pieces of something larger, and lids of something hidden: all that are found, since old ones may lie side by side. */
export function memberFormats(ends: Ends): readonly Format[] {
  return [
    btrfs(ends),
    zfs(ends),
    bcache(ends),
    luks(ends),
    bitLocker(ends),
    lvm(ends),
    linuxRaid(ends),
    firmwareRaid(ends),
    stratis(ends),
    hasAt(ends.head, 0, 'dmvdo001') ? { kind: 'VDO' as const } : undefined,
    // The private header of a dynamic disk, in sector 6 where the table is an MBR.
    hasAt(ends.head, 6 * SECTOR_BYTES, 'PRIVHEAD') ? { kind: 'Windows dynamic disk' as const } : undefined,
  ].filter((format) => format !== undefined);
}

/** The superblock at 64 KiB (linux/btrfs_tree.h, struct btrfs_super_block). */
function btrfs({ head }: Ends): Format | undefined {
  const at = 64 * KIB;
  if (!hasAt(head, at + 64, '_BHRfS_M')) return undefined;
  return {
    kind: 'btrfs',
    uuid: uuidAt(head, at + 32),
    label: textAt(head, at + 0x12b, { lengthBytes: 256 }),
    usedBytes: Number(head.readBigUInt64LE(at + 0x78)),
  };
}

/** Labels of 256 KiB, two at each end; from their middle on, uberblocks at every KiB (ZFS on-disk format, §1.3). */
function zfs({ head, tail, sizeBytes }: Ends): Format | undefined {
  const labelBytes = 256 * KIB;
  const tailStart = sizeBytes - tail.length;
  const end = Math.floor(sizeBytes / labelBytes) * labelBytes;
  const places = [
    { bytes: head, at: 0 },
    { bytes: head, at: labelBytes },
    { bytes: tail, at: end - 2 * labelBytes - tailStart },
    { bytes: tail, at: end - labelBytes - tailStart },
  ];
  return places.some(({ bytes, at }) => hasUberblock(bytes, at)) ? { kind: 'ZFS' } : undefined;
}

function hasUberblock(bytes: Buffer, label: number): boolean {
  for (let at = label + 128 * KIB; at < label + 256 * KIB; at += KIB) {
    if (hasAt(bytes, at, [0x0c, 0xb1, 0xba, 0, 0, 0, 0, 0])) return true;
    if (hasAt(bytes, at, [0, 0, 0, 0, 0, 0xba, 0xb1, 0x0c])) return true;
  }
  return false;
}

/** Both have a superblock at 4 KiB, with a magic number of 16 bytes at 24 (linux/bcache.h; bcachefs_format.h). */
function bcache({ head }: Ends): Format | undefined {
  const at = 4 * KIB;
  const uuid = uuidAt(head, at + 40);
  const beginning = [0xc6, 0x85, 0x73, 0xf6];
  if (hasAt(head, at + 24, [...beginning, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f])) {
    return { kind: 'bcache', uuid };
  }
  if (hasAt(head, at + 24, [...beginning, 0x66, 0xce, 0x90, 0xa9, 0xd9, 0x6a, 0x60, 0xcf])) {
    return { kind: 'bcachefs', uuid };
  }
  return undefined;
}

/** The header at 0, or a spare one of LUKS 2 when that is destroyed (LUKS2 On-Disk Format, §2.1). */
function luks({ head }: Ends): Format | undefined {
  if (hasAt(head, 0, 'LUKS\xba\xbe')) {
    const isSecond = head.readUInt16BE(6) === 2;
    return {
      kind: 'LUKS',
      uuid: textAt(head, 168, { lengthBytes: 40 }),
      label: isSecond ? textAt(head, 24, { lengthBytes: 48 }) : undefined,
    };
  }
  const spare = [16, 32, 64, 128, 256].find((kib) => hasAt(head, kib * KIB, 'SKUL\xba\xbe'));
  if (spare === undefined) return undefined;
  return { kind: 'LUKS', uuid: textAt(head, spare * KIB + 168, { lengthBytes: 40 }) };
}

function bitLocker({ head }: Ends): Format | undefined {
  return hasAt(head, 3, '-FVE-FS-') ? { kind: 'BitLocker' } : undefined;
}

/** A label in one of the first four sectors; the physical volume's own header follows (LVM2, label.h, layout.h). */
function lvm({ head }: Ends): Format | undefined {
  for (let at = 0; at < 4 * SECTOR_BYTES; at += SECTOR_BYTES) {
    if (!hasAt(head, at, 'LABELONE') || !hasAt(head, at + 24, 'LVM2 001')) continue;
    return { kind: 'LVM', uuid: textAt(head, at + head.readUInt32LE(at + 20), { lengthBytes: 32 }) };
  }
  return undefined;
}

const RAID_MAGIC = [0xfc, 0x4e, 0x2b, 0xa9];

/** Superblocks 1.1, 1.2, 1.0 and 0.90, in this order of places (linux/raid/md_p.h, md.c: super_1_load, calc_dev_sboffset). */
function linuxRaid({ head, tail, sizeBytes }: Ends): Format | undefined {
  const tailStart = sizeBytes - tail.length;
  const sectors = Math.floor(sizeBytes / SECTOR_BYTES);
  const near = Math.floor((sectors - 16) / 8) * 8 * SECTOR_BYTES - tailStart;
  const modern = [
    { bytes: head, at: 0 },
    { bytes: head, at: 4 * KIB },
    { bytes: tail, at: near },
  ].find(({ bytes, at }) => hasAt(bytes, at, [...RAID_MAGIC, 1, 0, 0, 0]));
  if (modern !== undefined) {
    const { bytes, at } = modern;
    return {
      kind: 'Linux RAID',
      uuid: uuidAt(bytes, at + 16),
      label: textAt(bytes, at + 32, { lengthBytes: 32 }),
    };
  }
  const old = Math.floor(sizeBytes / (64 * KIB)) * 64 * KIB - 64 * KIB - tailStart;
  const isOld = hasAt(tail, old, RAID_MAGIC) || hasAt(tail, old, RAID_MAGIC.toReversed());
  return isOld ? { kind: 'Linux RAID' } : undefined;
}

/** Intel's anchor in the last sector but one (mdadm's super-intel.c); DDF's in the last (SNIA DDF, §5.2). */
function firmwareRaid({ tail }: Ends): Format | undefined {
  const isIntel = hasAt(tail, tail.length - 2 * SECTOR_BYTES, 'Intel Raid ISM Cfg Sig. ');
  const isDdf = hasAt(tail, tail.length - SECTOR_BYTES, [0xde, 0x11, 0xde, 0x11]);
  return isIntel || isDdf ? { kind: 'firmware RAID' } : undefined;
}

/** Its superblock lies in sector 1, and again in sector 9; the magic number behind a checksum. */
function stratis({ head }: Ends): Format | undefined {
  const isStratis = [1, 9].some((sector) =>
    hasAt(head, sector * SECTOR_BYTES + 4, '!Stra0tis\x86\xff\x02^\x41rh'),
  );
  return isStratis ? { kind: 'Stratis' } : undefined;
}
