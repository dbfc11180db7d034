import { crc32c, crc32cOfNumber } from '../crc32c.ts';
import { damaged } from '../damaged.ts';
import type { EntryType } from '../file-system-entry.ts';
import type { Volume } from './volume.ts';

export const ROOT_INODE = 2;

/** i_mode's upper bits (include/uapi/linux/stat.h). */
const TYPES: Readonly<Record<number, EntryType>> = {
  1: 'fifo',
  2: 'character-device',
  4: 'directory',
  6: 'block-device',
  8: 'file',
  10: 'symlink',
  12: 'socket',
};
const FLAGS = { hashIndex: 0x1000, extents: 0x80000, inlineContent: 0x10000000 };

/** Offsets in struct ext4_inode (fs/ext4/ext4.h). */
const SMALL_INODE_BYTES = 128;
const CHECKSUM_LOW = 0x7c;
const CHECKSUM_HIGH = 0x82;
const BLOCKS_OFFSET = 0x28;
const BLOCKS_BYTES = 60;
/** Begins extended attributes inside an inode (fs/ext4/xattr.h). */
const ATTRIBUTES_MAGIC = 0xea020000;

/** An inode, as far as readers need it. */
export type Inode = {
  readonly number: number;
  readonly type: EntryType;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly linkCount: number;
  readonly hasHashIndex: boolean;
  readonly hasExtents: boolean;
  readonly hasAttributes: boolean;
  /** i_block: the root of the extents, or a short symlink's target. */
  readonly blocks: Buffer;
  /** What the checksums of its own blocks begin with. */
  readonly checksumSeed: number;
};

/** Reads and checks an inode that is in use. */
export async function readInode(volume: Volume, number: number): Promise<Inode> {
  const { superblock, groups, metadata } = volume;
  const { inodeCount, inodesPerGroup, inodeBytes, blockBytes } = superblock;
  const group = groups[Math.floor((number - 1) / inodesPerGroup)];
  if (number < 1 || number > inodeCount || group === undefined) {
    damaged('ext4', `a name is that of inode ${number}, of which there are ${inodeCount}`);
  }
  const offset = group.inodeTable * blockBytes + ((number - 1) % inodesPerGroup) * inodeBytes;
  const bytes = await metadata.read(offset, inodeBytes);
  const checksumSeed = crc32cOfNumber(
    crc32cOfNumber(superblock.checksumSeed, number),
    bytes.readUInt32LE(0x64),
  );
  if (!hasRightChecksum(bytes, checksumSeed)) {
    damaged('ext4', `inode ${number} does not match its checksum`, offset);
  }
  return decode(bytes, { number, checksumSeed, offset });
}

function hasRightChecksum(bytes: Buffer, seed: number): boolean {
  const zeros = Buffer.alloc(2);
  let checksum = crc32c(seed, bytes.subarray(0, CHECKSUM_LOW));
  checksum = crc32c(checksum, zeros);
  checksum = crc32c(checksum, bytes.subarray(CHECKSUM_LOW + 2, SMALL_INODE_BYTES));
  const low = bytes.readUInt16LE(CHECKSUM_LOW);
  if (bytes.length === SMALL_INODE_BYTES) return (checksum & 0xffff) === low;
  checksum = crc32c(checksum, bytes.subarray(SMALL_INODE_BYTES, CHECKSUM_HIGH));
  const hasHigh = SMALL_INODE_BYTES + extraBytes(bytes) >= CHECKSUM_HIGH + 2;
  if (hasHigh) checksum = crc32c(checksum, zeros);
  checksum = crc32c(checksum, bytes.subarray(CHECKSUM_HIGH + (hasHigh ? 2 : 0)));
  if (!hasHigh) return (checksum & 0xffff) === low;
  return checksum === low + bytes.readUInt16LE(CHECKSUM_HIGH) * 0x10000;
}

function extraBytes(bytes: Buffer): number {
  return bytes.length > SMALL_INODE_BYTES ? bytes.readUInt16LE(0x80) : 0;
}

function decode(
  bytes: Buffer,
  { number, checksumSeed, offset }: { number: number; checksumSeed: number; offset: number },
): Inode {
  const mode = bytes.readUInt16LE(0x0);
  const linkCount = bytes.readUInt16LE(0x1a);
  const type = TYPES[mode >> 12];
  if (type === undefined || linkCount === 0)
    damaged('ext4', `inode ${number} has a name, but is free`, offset);
  const flags = bytes.readUInt32LE(0x20);
  if ((flags & FLAGS.inlineContent) !== 0)
    damaged('ext4', `inode ${number} holds its content itself`, offset);
  return {
    number,
    type,
    mode: (mode & 0o7777).toString(8).padStart(4, '0'),
    uid: bytes.readUInt16LE(0x2) + bytes.readUInt16LE(0x78) * 0x10000,
    gid: bytes.readUInt16LE(0x18) + bytes.readUInt16LE(0x7a) * 0x10000,
    sizeBytes: bytes.readUInt32LE(0x4) + bytes.readUInt32LE(0x6c) * 2 ** 32,
    linkCount,
    hasHashIndex: (flags & FLAGS.hashIndex) !== 0,
    hasExtents: (flags & FLAGS.extents) !== 0,
    hasAttributes: hasAttributes(bytes),
    blocks: bytes.subarray(BLOCKS_OFFSET, BLOCKS_OFFSET + BLOCKS_BYTES),
    checksumSeed,
  };
}

/** In a block of their own (i_file_acl), or behind the fields of the inode; an empty list of them is none. */
function hasAttributes(bytes: Buffer): boolean {
  if (bytes.readUInt32LE(0x68) !== 0 || bytes.readUInt16LE(0x76) !== 0) return true;
  const offset = SMALL_INODE_BYTES + extraBytes(bytes);
  if (bytes.length === SMALL_INODE_BYTES || offset + 8 > bytes.length) return false;
  return bytes.readUInt32LE(offset) === ATTRIBUTES_MAGIC && bytes.readUInt32LE(offset + 4) !== 0;
}
