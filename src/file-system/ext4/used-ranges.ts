import { type ByteRange, mergeRanges } from '../byte-reader.ts';
import { crc32c } from '../crc32c.ts';
import { damaged } from '../damaged.ts';
import { baseBlocks, groupStart, inodeTableBlocks } from './groups.ts';
import type { Volume } from './volume.ts';

/**
 * All bytes that are not free: what the bitmaps call used, the metadata of every group, whether or not its bitmap was
 * ever written, and what lies outside of groups.
 */
export async function usedRanges(volume: Volume): Promise<readonly ByteRange[]> {
  const { superblock, groups, reader } = volume;
  const { blockBytes, blockCount, firstBlock, blocksPerGroup } = superblock;
  const used: ByteRange[] = [];
  const add = (block: number, count: number) =>
    used.push({ offsetBytes: block * blockBytes, lengthBytes: count * blockBytes });

  add(0, firstBlock);
  for (const [number, group] of groups.entries()) {
    const start = groupStart(superblock, number);
    const count = Math.min(blocksPerGroup, blockCount - start);
    add(start, Math.min(baseBlocks(superblock, number), count));
    add(group.blockBitmap, 1);
    add(group.inodeBitmap, 1);
    add(group.inodeTable, inodeTableBlocks(superblock));
    if (!group.isBlockBitmapWritten) continue;
    const bitmap = await readBitmap(volume, number);
    for (const [first, length] of runsOfOnes(bitmap, count)) add(start + first, length);
  }
  const end = blockCount * blockBytes;
  used.push({ offsetBytes: end, lengthBytes: reader.sizeBytes - end });
  return mergeRanges(used);
}

async function readBitmap({ superblock, groups, reader }: Volume, number: number): Promise<Buffer> {
  const { blockBytes, checksumSeed, descriptorBytes } = superblock;
  const group = groups[number];
  if (group === undefined) throw new RangeError(`There is no group ${number}`);
  const offset = group.blockBitmap * blockBytes;
  const bitmap = await reader.read(offset, blockBytes);
  // A descriptor of 32 bytes has room for half of the checksum.
  const mask = descriptorBytes >= 64 ? 0xffffffff : 0xffff;
  if ((crc32c(checksumSeed, bitmap) & mask) >>> 0 !== group.blockBitmapChecksum) {
    damaged('ext4', `the block bitmap of group ${number} does not match its checksum`, offset);
  }
  return bitmap;
}

/** Stretches of ones among the first `count` bits, as pairs of begin and length. */
function runsOfOnes(bitmap: Buffer, count: number): [number, number][] {
  const runs: [number, number][] = [];
  let begin = -1;
  for (let bit = 0; bit < count; ) {
    const byte = bitmap[bit >> 3] ?? 0;
    // Most bytes are all ones or all zeros.
    const isWholeByte = (bit & 7) === 0 && bit + 8 <= count && (byte === 0 || byte === 0xff);
    const isUsed = isWholeByte ? byte === 0xff : ((byte >> (bit & 7)) & 1) === 1;
    if (isUsed && begin === -1) begin = bit;
    if (!isUsed && begin !== -1) {
      runs.push([begin, bit - begin]);
      begin = -1;
    }
    bit += isWholeByte ? 8 : 1;
  }
  if (begin !== -1) runs.push([begin, count - begin]);
  return runs;
}
