import type { ByteRange } from '../byte-reader.ts';
import { damaged } from '../damaged.ts';
import { readExtents } from './extents.ts';
import type { Inode } from './inode.ts';
import type { Volume } from './volume.ts';

const CHUNK_BYTES = 1024 * 1024;
const ZEROS = Buffer.alloc(CHUNK_BYTES);

/** The content of a file, in chunks; holes, and what was never written, are zeros. */
export async function* readContent(volume: Volume, inode: Inode): AsyncIterable<Buffer> {
  const { blockBytes } = volume.superblock;
  let done = 0;
  for await (const extent of readExtents(volume, inode)) {
    const begin = Math.min(extent.fileBlock * blockBytes, inode.sizeBytes);
    const end = Math.min((extent.fileBlock + extent.count) * blockBytes, inode.sizeBytes);
    yield* zeros(begin - done);
    if (extent.isWritten) yield* stretch(volume, extent.block * blockBytes, end - begin);
    else yield* zeros(end - begin);
    done = end;
  }
  yield* zeros(inode.sizeBytes - done);
}

/** Where the bytes of a file lie. Ends with a problem when a part of it lies nowhere. */
export async function locateContent(volume: Volume, inode: Inode): Promise<readonly ByteRange[]> {
  const { blockBytes } = volume.superblock;
  const ranges: ByteRange[] = [];
  let done = 0;
  for await (const extent of readExtents(volume, inode)) {
    const begin = extent.fileBlock * blockBytes;
    if (begin >= inode.sizeBytes) break;
    if (begin !== done || !extent.isWritten) break;
    done = Math.min(begin + extent.count * blockBytes, inode.sizeBytes);
    ranges.push({ offsetBytes: extent.block * blockBytes, lengthBytes: done - begin });
  }
  if (done !== inode.sizeBytes) damaged('ext4', `inode ${inode.number} has a hole, and was to be all there`);
  return ranges;
}

/** Where a symlink points to: written in the inode when it is short. */
export async function readTarget(volume: Volume, inode: Inode): Promise<string> {
  if (inode.sizeBytes > volume.superblock.blockBytes) {
    damaged('ext4', `the symlink of inode ${inode.number} points to a name of ${inode.sizeBytes} bytes`);
  }
  if (inode.sizeBytes < inode.blocks.length && !inode.hasExtents) {
    return inode.blocks.toString('utf8', 0, inode.sizeBytes);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of readContent(volume, inode)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function* stretch({ reader }: Volume, offsetBytes: number, lengthBytes: number): AsyncIterable<Buffer> {
  for (let at = 0; at < lengthBytes; at += CHUNK_BYTES) {
    yield await reader.read(offsetBytes + at, Math.min(CHUNK_BYTES, lengthBytes - at));
  }
}

function* zeros(lengthBytes: number): Iterable<Buffer> {
  for (let at = 0; at < lengthBytes; at += CHUNK_BYTES) {
    yield ZEROS.subarray(0, Math.min(CHUNK_BYTES, lengthBytes - at));
  }
}
