import { crc32c } from '../crc32c.ts';
import { damaged } from '../damaged.ts';
import type { Inode } from './inode.ts';
import type { Volume } from './volume.ts';

/** fs/ext4/ext4_extents.h. */
const MAGIC = 0xf30a;
const HEADER_BYTES = 12;
const ENTRY_BYTES = 12;
const DEEPEST = 5;
/** A longer extent is one that was allocated, but never written: it reads as zeros. */
const LONGEST_WRITTEN = 0x8000;

/** Blocks of a file that lie in a row. */
export type Extent = {
  /** The first block, counted from the file's begin. */
  readonly fileBlock: number;
  readonly block: number;
  readonly count: number;
  readonly isWritten: boolean;
};

/** A node of the tree: which blocks of the file it may speak of, and where it lies, for messages. */
type Node = {
  readonly bytes: Buffer;
  readonly depth: number;
  readonly firstBlock: number;
  readonly endBlock: number;
};

/**
 * The extents of an inode, in the order of the file. Every node must speak of blocks of its own, so that no tree,
 * however it is made, is gone through more often than it has blocks.
 */
export async function* readExtents(volume: Volume, inode: Inode): AsyncIterable<Extent> {
  if (!inode.hasExtents) {
    if (inode.sizeBytes === 0 || inode.blocks.every((byte) => byte === 0)) return;
    damaged('ext4', `inode ${inode.number} has a list of blocks, which only older file systems have`);
  }
  const depth = inode.blocks.readUInt16LE(6);
  if (depth > DEEPEST) damaged('ext4', `the extents of inode ${inode.number} are ${depth} levels deep`);
  yield* readNode(volume, inode, { bytes: inode.blocks, depth, firstBlock: 0, endBlock: 2 ** 32 });
}

async function* readNode(volume: Volume, inode: Inode, node: Node): AsyncIterable<Extent> {
  const wrong = () => damaged('ext4', `the extents of inode ${inode.number} make no sense`);
  const { bytes, depth } = node;
  const count = bytes.readUInt16LE(2);
  const isHeaderSound =
    bytes.readUInt16LE(0) === MAGIC &&
    count <= bytes.readUInt16LE(4) &&
    HEADER_BYTES + bytes.readUInt16LE(4) * ENTRY_BYTES <= bytes.length &&
    bytes.readUInt16LE(6) === depth;
  // Only a file without content has a node without entries, its root.
  if (!isHeaderSound || (count === 0 && bytes !== inode.blocks)) wrong();
  let next = node.firstBlock;
  for (let index = 0; index < count; index += 1) {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    const fileBlock = bytes.readUInt32LE(at);
    if (fileBlock < next || fileBlock >= node.endBlock) wrong();
    if (depth === 0) {
      const extent = decodeExtent(bytes, at);
      next = fileBlock + extent.count;
      if (extent.count === 0 || next > node.endBlock) wrong();
      checkPlace(volume, inode, extent);
      yield extent;
    } else {
      const isLast = index + 1 === count;
      const endBlock = isLast ? node.endBlock : bytes.readUInt32LE(at + ENTRY_BYTES);
      next = fileBlock + 1;
      const block = bytes.readUInt32LE(at + 4) + bytes.readUInt16LE(at + 8) * 2 ** 32;
      const child = await readTreeBlock(volume, inode, block);
      yield* readNode(volume, inode, { bytes: child, depth: depth - 1, firstBlock: fileBlock, endBlock });
    }
  }
}

function decodeExtent(bytes: Buffer, at: number): Extent {
  const length = bytes.readUInt16LE(at + 4);
  const isWritten = length <= LONGEST_WRITTEN;
  return {
    fileBlock: bytes.readUInt32LE(at),
    block: bytes.readUInt32LE(at + 8) + bytes.readUInt16LE(at + 6) * 2 ** 32,
    count: isWritten ? length : length - LONGEST_WRITTEN,
    isWritten,
  };
}

async function readTreeBlock(volume: Volume, inode: Inode, block: number): Promise<Buffer> {
  const { superblock, reader } = volume;
  checkPlace(volume, inode, { block, count: 1 });
  const offset = block * superblock.blockBytes;
  const bytes = await reader.read(offset, superblock.blockBytes);
  const tail = HEADER_BYTES + bytes.readUInt16LE(4) * ENTRY_BYTES;
  const isRight =
    tail + 4 <= bytes.length &&
    bytes.readUInt32LE(tail) === crc32c(inode.checksumSeed, bytes.subarray(0, tail));
  if (!isRight)
    damaged('ext4', `an extent block of inode ${inode.number} does not match its checksum`, offset);
  return bytes;
}

function checkPlace({ superblock }: Volume, inode: Inode, { block, count }: Pick<Extent, 'block' | 'count'>) {
  if (block <= superblock.firstBlock || block + count > superblock.blockCount) {
    damaged('ext4', `inode ${inode.number} has blocks that there are not (${block}, ${count})`);
  }
}
