import { open } from 'node:fs/promises';
import type { HostPath } from '#base';

/** The unit in which differences are told: a block of the root's file system, a cluster of the ESP. */
export const BLOCK_BYTES = 4096;
const CHUNK_BYTES = 1024 * 1024;

/** The numbers of the blocks in which two files are not alike; what only one of them has counts as differing. */
export async function differingBlocks(first: HostPath, second: HostPath): Promise<number[]> {
  await using one = await open(first);
  await using two = await open(second);
  const [a, b] = [Buffer.alloc(CHUNK_BYTES), Buffer.alloc(CHUNK_BYTES)];
  const blocks: number[] = [];
  for (let offset = 0; ; offset += CHUNK_BYTES) {
    const lengths = [await fill(one, a, offset), await fill(two, b, offset)];
    const length = Math.max(...lengths);
    if (length === 0) return blocks;
    if (lengths[0] === lengths[1] && a.compare(b, 0, length, 0, length) === 0) continue;
    for (let at = 0; at < length; at += BLOCK_BYTES) {
      const end = Math.min(at + BLOCK_BYTES, length);
      const isSame = lengths.every((own) => own >= end) && a.compare(b, at, end, at, end) === 0;
      if (!isSame) blocks.push((offset + at) / BLOCK_BYTES);
    }
  }
}

/** Reads until the buffer is full or the file at its end. */
async function fill(
  file: { read(into: Buffer, at: number, length: number, offset: number): Promise<{ bytesRead: number }> },
  into: Buffer,
  offset: number,
): Promise<number> {
  for (let done = 0; ; ) {
    const { bytesRead } = await file.read(into, done, into.length - done, offset + done);
    done += bytesRead;
    if (bytesRead === 0 || done === into.length) return done;
  }
}

/** A block of a file. */
export async function readBlock(path: HostPath, block: number): Promise<Buffer> {
  await using file = await open(path);
  const bytes = Buffer.alloc(BLOCK_BYTES);
  await file.read(bytes, 0, BLOCK_BYTES, block * BLOCK_BYTES);
  return bytes;
}
