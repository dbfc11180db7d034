import { crc32c } from '../crc32c.ts';
import { damaged } from '../damaged.ts';
import { readExtents } from './extents.ts';
import type { Inode } from './inode.ts';
import type { Volume } from './volume.ts';

/** A name in a directory. */
export type Name = { readonly name: string; readonly inode: number };

/** fs/ext4/ext4.h: struct ext4_dir_entry_2, and the entry without a name that holds a block's checksum. */
const ENTRY_BYTES = 8;
const TAIL_BYTES = 12;
const TAIL_TYPE = 0xde;
/** Directories do not get larger: a hash tree of two levels ends below. */
const LARGEST_BYTES = 2 ** 32;

/**
 * The names in a directory, but `.` and `..`, block by block. The blocks of a hash tree look like blocks with no
 * names in them to whoever goes through all, which is what they were made for.
 */
export async function* readNames(volume: Volume, directory: Inode): AsyncIterable<Name> {
  const { reader, superblock } = volume;
  const { blockBytes } = superblock;
  if (directory.sizeBytes % blockBytes !== 0 || directory.sizeBytes > LARGEST_BYTES) {
    damaged('ext4', `the directory of inode ${directory.number} has ${directory.sizeBytes} bytes`);
  }
  let done = 0;
  for await (const extent of readExtents(volume, directory)) {
    for (let at = 0; at < extent.count && done < directory.sizeBytes; at += 1) {
      const isNext = (extent.fileBlock + at) * blockBytes === done;
      if (!isNext || !extent.isWritten)
        damaged('ext4', `the directory of inode ${directory.number} has a hole`);
      const offset = (extent.block + at) * blockBytes;
      const block = await reader.read(offset, blockBytes);
      yield* namesOf(block, { directory, offset, isFirst: done === 0 });
      done += blockBytes;
    }
  }
  if (done !== directory.sizeBytes) damaged('ext4', `the directory of inode ${directory.number} is cut off`);
}

type Place = { readonly directory: Inode; readonly offset: number; readonly isFirst: boolean };

function namesOf(block: Buffer, place: Place): Name[] {
  const { directory, offset } = place;
  const isIndex = directory.hasHashIndex && (place.isFirst || isIndexNode(block));
  const isRight = isIndex ? hasRightIndexChecksum(block, place) : hasRightLeafChecksum(block, directory);
  if (!isRight) {
    damaged(
      'ext4',
      `a block of the directory of inode ${directory.number} does not match its checksum`,
      offset,
    );
  }
  const names: Name[] = [];
  for (let at = 0; at < block.length; ) {
    const inode = block.readUInt32LE(at);
    const recordBytes = block.readUInt16LE(at + 4);
    const nameBytes = block.readUInt8(at + 6);
    const isSound =
      recordBytes >= ENTRY_BYTES + nameBytes && recordBytes % 4 === 0 && at + recordBytes <= block.length;
    if (!isSound)
      damaged('ext4', `a name in the directory of inode ${directory.number} makes no sense`, offset + at);
    if (inode !== 0) {
      const name = block.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes);
      if (nameBytes === 0 || /[/\0]/.test(name)) {
        damaged('ext4', `a name in the directory of inode ${directory.number} is none`, offset + at);
      }
      if (name !== '.' && name !== '..') names.push({ name, inode });
    }
    at += recordBytes;
  }
  return names;
}

function hasRightLeafChecksum(block: Buffer, { checksumSeed }: Inode): boolean {
  const tail = block.length - TAIL_BYTES;
  return (
    block.readUInt32LE(tail) === 0 &&
    block.readUInt16LE(tail + 4) === TAIL_BYTES &&
    block.readUInt8(tail + 7) === TAIL_TYPE &&
    block.readUInt32LE(tail + 8) === crc32c(checksumSeed, block.subarray(0, tail))
  );
}

/** A block of the hash tree that is not its root: one entry without a name fills it. */
function isIndexNode(block: Buffer): boolean {
  return block.readUInt32LE(0) === 0 && block.readUInt16LE(4) === block.length;
}

/** fs/ext4/namei.c, ext4_dx_csum: over the entries in use, then over a tail behind the room for all entries. */
function hasRightIndexChecksum(block: Buffer, { directory, isFirst }: Place): boolean {
  // In the root, `.` and `..` and the tree's own 8 bytes come first; in a node, the entry that fills it.
  const entries = isFirst ? 32 : 8;
  const limit = block.readUInt16LE(entries);
  const count = block.readUInt16LE(entries + 2);
  const tail = entries + limit * 8;
  if (count > limit || tail + 8 > block.length) return false;
  let checksum = crc32c(directory.checksumSeed, block.subarray(0, entries + count * 8));
  checksum = crc32c(checksum, block.subarray(tail, tail + 4));
  checksum = crc32c(checksum, Buffer.alloc(4));
  return block.readUInt32LE(tail + 4) === checksum;
}
