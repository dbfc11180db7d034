import type { ByteReader } from '../byte-reader.ts';
import { crc32c, crc32cOfNumber } from '../crc32c.ts';
import { damaged } from '../damaged.ts';
import type { Superblock } from './superblock.ts';

/** bg_flags: the bitmap of blocks was never written, since the group holds nothing but its own metadata. */
const BLOCK_UNINIT = 0x2;
const CHECKSUM_OFFSET = 0x1e;

/** What a group's descriptor says (fs/ext4/ext4.h, struct ext4_group_desc). */
export type Group = {
  readonly blockBitmap: number;
  readonly inodeBitmap: number;
  readonly inodeTable: number;
  readonly isBlockBitmapWritten: boolean;
  readonly blockBitmapChecksum: number;
};

/** How many groups there are. */
export function groupCount({ blockCount, firstBlock, blocksPerGroup }: Superblock): number {
  return Math.ceil((blockCount - firstBlock) / blocksPerGroup);
}

/** The first block of a group. */
export function groupStart({ firstBlock, blocksPerGroup }: Superblock, group: number): number {
  return firstBlock + group * blocksPerGroup;
}

/** Blocks that a group's table of inodes takes. */
export function inodeTableBlocks({ inodesPerGroup, inodeBytes, blockBytes }: Superblock): number {
  return Math.ceil((inodesPerGroup * inodeBytes) / blockBytes);
}

/** Whether a group begins with a copy of the superblock (fs/ext4/balloc.c, ext4_bg_has_super). */
export function hasSuperblock({ hasSparseSuper, backupGroups }: Superblock, group: number): boolean {
  if (group === 0) return true;
  if (backupGroups !== undefined) return backupGroups.includes(group);
  if (!hasSparseSuper || group === 1) return true;
  return [3, 5, 7].some((base) => {
    let power = base;
    while (power < group) power *= base;
    return power === group;
  });
}

/** Where a block of group descriptors lies, counted from the first such block (ext4_group_desc's own, not a backup). */
function descriptorBlock(superblock: Superblock, index: number): number {
  const { firstMetaGroup, firstBlock } = superblock;
  if (firstMetaGroup === undefined || index < firstMetaGroup) return firstBlock + 1 + index;
  const group = index * descriptorsPerBlock(superblock);
  return groupStart(superblock, group) + (hasSuperblock(superblock, group) ? 1 : 0);
}

function descriptorsPerBlock({ blockBytes, descriptorBytes }: Superblock): number {
  return blockBytes / descriptorBytes;
}

/** How many blocks superblock and descriptors take at the begin of a group (ext4_num_base_meta_clusters). */
export function baseBlocks(superblock: Superblock, group: number): number {
  const { firstMetaGroup, reservedDescriptorBlocks } = superblock;
  const perBlock = descriptorsPerBlock(superblock);
  const own = hasSuperblock(superblock, group) ? 1 : 0;
  if (firstMetaGroup === undefined || group < firstMetaGroup * perBlock) {
    const all = firstMetaGroup ?? Math.ceil(groupCount(superblock) / perBlock);
    return own === 0 ? 0 : 1 + all + reservedDescriptorBlocks;
  }
  // The first two groups and the last of those that share a block of descriptors have a copy of it.
  const place = group % perBlock;
  return own + (place === 0 || place === 1 || place === perBlock - 1 ? 1 : 0);
}

/** Reads and checks the descriptors of all groups. */
export async function readGroups(reader: ByteReader, superblock: Superblock): Promise<readonly Group[]> {
  const { blockBytes, descriptorBytes, blockCount } = superblock;
  const count = groupCount(superblock);
  const perBlock = descriptorsPerBlock(superblock);
  const groups: Group[] = [];
  for (let index = 0; index * perBlock < count; index += 1) {
    const block = descriptorBlock(superblock, index);
    if (block >= blockCount) damaged('ext4', `group descriptors lie in block ${block} of ${blockCount}`);
    const bytes = await reader.read(block * blockBytes, blockBytes);
    for (let at = 0; at < perBlock && groups.length < count; at += 1) {
      const offset = at * descriptorBytes;
      const group = groups.length;
      const descriptor = bytes.subarray(offset, offset + descriptorBytes);
      checkDescriptor(superblock, descriptor, { group, offsetBytes: block * blockBytes + offset });
      groups.push(decodeGroup(superblock, descriptor, group));
    }
  }
  return groups;
}

function checkDescriptor(
  superblock: Superblock,
  descriptor: Buffer,
  { group, offsetBytes }: { readonly group: number; readonly offsetBytes: number },
): void {
  let checksum = crc32cOfNumber(superblock.checksumSeed, group);
  checksum = crc32c(checksum, descriptor.subarray(0, CHECKSUM_OFFSET));
  checksum = crc32c(checksum, Buffer.alloc(2));
  checksum = crc32c(checksum, descriptor.subarray(CHECKSUM_OFFSET + 2));
  if ((checksum & 0xffff) !== descriptor.readUInt16LE(CHECKSUM_OFFSET)) {
    damaged('ext4', `the descriptor of group ${group} does not match its checksum`, offsetBytes);
  }
}

function decodeGroup(superblock: Superblock, descriptor: Buffer, group: number): Group {
  const hasHigh = superblock.descriptorBytes >= 64;
  const block = (low: number, high: number) =>
    descriptor.readUInt32LE(low) + (hasHigh ? descriptor.readUInt32LE(high) * 2 ** 32 : 0);
  const decoded = {
    blockBitmap: block(0x0, 0x20),
    inodeBitmap: block(0x4, 0x24),
    inodeTable: block(0x8, 0x28),
    isBlockBitmapWritten: (descriptor.readUInt16LE(0x12) & BLOCK_UNINIT) === 0,
    blockBitmapChecksum:
      descriptor.readUInt16LE(0x18) + (hasHigh ? descriptor.readUInt16LE(0x38) * 0x10000 : 0),
  };
  const isWithin = (first: number, count: number) =>
    first >= superblock.firstBlock && first + count <= superblock.blockCount;
  const lieWithin =
    isWithin(decoded.blockBitmap, 1) &&
    isWithin(decoded.inodeBitmap, 1) &&
    isWithin(decoded.inodeTable, inodeTableBlocks(superblock));
  if (!lieWithin) damaged('ext4', `the metadata of group ${group} would lie outside of it`);
  return decoded;
}
