import { type FileHandle, open } from 'node:fs/promises';
import { type Digest, type HostPath, startDigest } from '#base';
import { SECTOR_BYTES } from '#disk';
import { CHUNK_BYTES, readAll, writeContent } from './sparse-file.ts';

/** Bytes, or the bytes of a file, and the sector of the disk that they begin at. */
export type DiskPart =
  | { readonly startSector: number; readonly bytes: Uint8Array }
  | { readonly startSector: number; readonly file: HostPath };

/** A stretch of the disk. */
export type DiskRange = { readonly startSector: number; readonly sizeSectors: number };

const ZEROS = Buffer.alloc(CHUNK_BYTES);

/**
 * Makes a disk image as a sparse file of its whole size. Tools may write to their part of it by themselves, whoever
 * they run as: what is large is then written once.
 */
export async function openDiskFile(path: HostPath, sizeSectors: number): Promise<DiskFile> {
  const file = await open(path, 'wx+');
  const { mode } = await file.stat();
  await file.truncate(sizeSectors * SECTOR_BYTES);
  await file.chmod(0o666);
  return new DiskFile(path, file, { sizeBytes: sizeSectors * SECTOR_BYTES, mode });
}

/** A disk image that is gone through from its beginning to its end: what is not zero is written, all is digested. */
class DiskFile implements AsyncDisposable {
  readonly path: HostPath;
  readonly #file: FileHandle;
  readonly #facts: { readonly sizeBytes: number; readonly mode: number };
  readonly #digest = startDigest();
  #offsetBytes = 0;

  constructor(
    path: HostPath,
    file: FileHandle,
    facts: { readonly sizeBytes: number; readonly mode: number },
  ) {
    this.path = path;
    this.#file = file;
    this.#facts = facts;
  }

  /** Writes parts in the order of their sectors; all before them that is not written yet stays zero. */
  async put(parts: readonly DiskPart[]): Promise<void> {
    for (const part of [...parts].sort((a, b) => a.startSector - b.startSector)) {
      this.#skipTo(part.startSector * SECTOR_BYTES);
      if ('bytes' in part) await this.#write(Buffer.from(part.bytes));
      else await this.#copy(part.file);
    }
  }

  /** Takes what tools have written there as it is. */
  async takeIn({ startSector, sizeSectors }: DiskRange): Promise<void> {
    this.#skipTo(startSector * SECTOR_BYTES);
    const end = this.#offsetBytes + sizeSectors * SECTOR_BYTES;
    for await (const chunk of readAll(this.#file, this.#offsetBytes, end)) this.#digest.update(chunk);
    this.#offsetBytes = end;
  }

  /** Ends the image: all of it is on the drive when the promise is kept. Gives the digest of the whole. */
  async finish(): Promise<Digest> {
    this.#skipTo(this.#facts.sizeBytes);
    await this.#file.chmod(this.#facts.mode & 0o777);
    await this.#file.sync();
    return this.#digest.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  #skipTo(offsetBytes: number): void {
    if (offsetBytes < this.#offsetBytes)
      throw new RangeError(`Two parts of the disk overlap at ${offsetBytes}.`);
    for (let left = offsetBytes - this.#offsetBytes; left > 0; left -= CHUNK_BYTES) {
      this.#digest.update(ZEROS.subarray(0, Math.min(left, CHUNK_BYTES)));
    }
    this.#offsetBytes = offsetBytes;
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#digest.update(bytes);
    await writeContent(this.#file, bytes, this.#offsetBytes);
    this.#offsetBytes += bytes.length;
  }

  async #copy(path: HostPath): Promise<void> {
    await using source = await open(path);
    const { size } = await source.stat();
    for await (const chunk of readAll(source, 0, size)) await this.#write(chunk);
  }
}

export type { DiskFile };
