import type { FileHandle } from 'node:fs/promises';

/** Zeros are left out in such units: the blocks of the file systems that images lie on. */
const HOLE_BYTES = 4096;
const ZEROS = Buffer.alloc(HOLE_BYTES);

/** Writes bytes one after another into a file, and leaves holes where they are zeros. Gives where they end. */
export async function writeSparsely(file: FileHandle, bytes: Buffer, offsetBytes: number): Promise<number> {
  let begin = 0;
  while (begin < bytes.length) {
    const end = endOfRun(bytes, begin);
    if (!isZeros(bytes, begin)) await writeWhole(file, bytes.subarray(begin, end), offsetBytes + begin);
    begin = end;
  }
  return offsetBytes + bytes.length;
}

/** Where the units end that are all zeros, or all not, as the one at `begin`. */
function endOfRun(bytes: Buffer, begin: number): number {
  const areZeros = isZeros(bytes, begin);
  let end = begin + HOLE_BYTES;
  while (end < bytes.length && isZeros(bytes, end) === areZeros) end += HOLE_BYTES;
  return Math.min(end, bytes.length);
}

function isZeros(bytes: Buffer, begin: number): boolean {
  const end = Math.min(begin + HOLE_BYTES, bytes.length);
  return bytes.compare(ZEROS, 0, end - begin, begin, end) === 0;
}

async function writeWhole(file: FileHandle, bytes: Buffer, offsetBytes: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offsetBytes + done);
    done += bytesWritten;
  }
}
