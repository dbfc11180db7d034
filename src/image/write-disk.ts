import { type FileHandle, open } from 'node:fs/promises';
import { type Digest, type HostPath, startDigest } from '#base';
import { SECTOR_BYTES } from '#disk';

/** Bytes, or the bytes of a file, and the sector of the disk that they begin at. */
export type DiskPart =
  | { readonly startSector: number; readonly bytes: Uint8Array }
  | { readonly startSector: number; readonly file: HostPath };

const CHUNK_BYTES = 1024 * 1024;
/** Zeros are left out in such units: the blocks of the file systems that images lie on. */
const HOLE_BYTES = 4096;
const ZEROS = Buffer.alloc(CHUNK_BYTES);

/**
 * Writes a disk image as a sparse file: the parts at their sectors, zeros everywhere else, all of it on the drive
 * when the promise is kept. Gives back the digest of the whole, computed in the same pass.
 */
export async function writeDisk(
  path: HostPath,
  sizeSectors: number,
  parts: readonly DiskPart[],
): Promise<Digest> {
  const disk = await open(path, 'w');
  try {
    const output = new SparseOutput(disk);
    for (const part of [...parts].sort((a, b) => a.startSector - b.startSector)) {
      output.skipTo(part.startSector * SECTOR_BYTES);
      if ('bytes' in part) await output.write(Buffer.from(part.bytes));
      else await copyFile(part.file, output);
    }
    output.skipTo(sizeSectors * SECTOR_BYTES);
    await disk.truncate(sizeSectors * SECTOR_BYTES);
    await disk.sync();
    return output.digest.end();
  } finally {
    await disk.close();
  }
}

async function copyFile(path: HostPath, output: SparseOutput): Promise<void> {
  const source = await open(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await source.read(chunk, 0, chunk.length);
      if (bytesRead === 0) return;
      await output.write(chunk.subarray(0, bytesRead));
    }
  } finally {
    await source.close();
  }
}

/** Goes through a file from its beginning to its end, writes what is not zero, and digests everything. */
class SparseOutput {
  readonly digest = startDigest();
  readonly #disk: FileHandle;
  #offsetBytes = 0;

  constructor(disk: FileHandle) {
    this.#disk = disk;
  }

  skipTo(offsetBytes: number): void {
    if (offsetBytes < this.#offsetBytes)
      throw new RangeError(`Two parts of the disk overlap at ${offsetBytes}.`);
    for (let left = offsetBytes - this.#offsetBytes; left > 0; left -= CHUNK_BYTES) {
      this.digest.update(ZEROS.subarray(0, Math.min(left, CHUNK_BYTES)));
    }
    this.#offsetBytes = offsetBytes;
  }

  async write(bytes: Buffer): Promise<void> {
    this.digest.update(bytes);
    for (const [begin, end] of runsOfContent(bytes)) {
      await writeWhole(this.#disk, bytes.subarray(begin, end), this.#offsetBytes + begin);
    }
    this.#offsetBytes += bytes.length;
  }
}

async function writeWhole(disk: FileHandle, bytes: Buffer, offsetBytes: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await disk.write(bytes, done, bytes.length - done, offsetBytes + done);
    done += bytesWritten;
  }
}

/** The stretches of a buffer that are not zero, as pairs of begin and end. */
function runsOfContent(bytes: Buffer): [number, number][] {
  if (isZero(bytes, 0, bytes.length)) return [];
  const runs: [number, number][] = [];
  let begin = -1;
  for (let at = 0; at < bytes.length; at += HOLE_BYTES) {
    const end = Math.min(at + HOLE_BYTES, bytes.length);
    if (isZero(bytes, at, end)) {
      if (begin !== -1) runs.push([begin, at]);
      begin = -1;
    } else if (begin === -1) {
      begin = at;
    }
  }
  if (begin !== -1) runs.push([begin, bytes.length]);
  return runs;
}

function isZero(bytes: Buffer, begin: number, end: number): boolean {
  for (let at = begin; at < end; at += ZEROS.length) {
    const length = Math.min(ZEROS.length, end - at);
    if (bytes.compare(ZEROS, 0, length, at, at + length) !== 0) return false;
  }
  return true;
}
