import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { type HostPath, isErrno } from '#base';

export const CHUNK_BYTES = 1024 * 1024;
/** Zeros are left out in such units: the blocks of the file systems that images lie on. */
const HOLE_BYTES = 4096;
const ZEROS = Buffer.alloc(CHUNK_BYTES);

/** The bytes of a file between two offsets. The next chunk is read while the last is worked on. */
export async function* readAll(
  file: FileHandle,
  beginBytes: number,
  endBytes: number,
): AsyncGenerator<Buffer> {
  const chunks = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)];
  const readAt = (offset: number): Promise<Buffer> => {
    const chunk = chunks[((offset - beginBytes) / CHUNK_BYTES) % 2] ?? ZEROS;
    return readFully(file, chunk.subarray(0, Math.min(CHUNK_BYTES, endBytes - offset)), offset);
  };
  let next = beginBytes < endBytes ? readAt(beginBytes) : undefined;
  for (let offset = beginBytes; next !== undefined; offset += CHUNK_BYTES) {
    const chunk = await next;
    next = offset + CHUNK_BYTES < endBytes ? readAt(offset + CHUNK_BYTES) : undefined;
    yield chunk;
  }
}

async function readFully(file: FileHandle, into: Buffer, offsetBytes: number): Promise<Buffer> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, into.length - done, offsetBytes + done);
    if (bytesRead === 0) throw new RangeError(`The file ends before ${offsetBytes + into.length}.`);
    done += bytesRead;
  }
  return into;
}

/** Writes what is not zero of the bytes to a file that has nothing there yet. */
export async function writeContent(file: FileHandle, bytes: Buffer, offsetBytes: number): Promise<void> {
  for (const [begin, end] of runsOfContent(bytes)) {
    for (let at = begin; at < end; ) {
      const { bytesWritten } = await file.write(bytes, at, end - at, offsetBytes + at);
      at += bytesWritten;
    }
  }
}

/** Moves a sparse file to where nothing is; to another file system too, where it is on the drive afterwards. */
export async function moveSparse(from: HostPath, to: HostPath): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isErrno(error, 'EXDEV')) throw error;
    await copySparse(from, to);
    await rm(from);
  }
}

/** Copies a file, and leaves out what is zero. */
export async function copySparse(from: HostPath, to: HostPath): Promise<void> {
  await using source = await open(from);
  await using target = await open(to, 'w');
  const { size } = await source.stat();
  let offset = 0;
  for await (const chunk of readAll(source, 0, size)) {
    await writeContent(target, chunk, offset);
    offset += chunk.length;
  }
  await target.truncate(size);
  await target.sync();
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
