import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, type HostPath, startDigest } from '#base';
import type { Pin } from '#recipe';
import { sizeLimit, type Verdict, wrongSize } from './verified-file.ts';

/** Networks give a few kilobytes at a time; so much is written and digested at once. */
const GATHER_BYTES = 256 * 1024;

/**
 * The bytes of a source that are here so far, unverified: they grow, are thrown away, or turn out to be the whole. Their
 * digest is computed as they come, so that the file is read again only when an earlier run left it.
 */
export class PartialFile implements AsyncDisposable {
  readonly #path: HostPath;
  readonly #handle: FileHandle;
  readonly #gather = Buffer.allocUnsafeSlow(GATHER_BYTES);
  #gathered = 0;
  #digest = startDigest();
  #sizeBytes = 0;
  #pieces = 0;
  #isClosed = false;

  private constructor(path: HostPath, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** Opens what an earlier run left, or nothing yet. More than the pin allows is of no use. */
  static async open(path: HostPath, pin: Pin): Promise<PartialFile> {
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    const partial = new PartialFile(path, handle);
    const { size } = await handle.stat();
    if (size > sizeLimit(pin)) await partial.startAnew();
    else if (size > 0) await partial.#takeOver(size);
    return partial;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Of how many answers the bytes are, an earlier run counting as one: of more than one, they may not fit together. */
  get pieces(): number {
    return this.#pieces;
  }

  /** What is appended from now on is of another answer. */
  beginPiece(): void {
    this.#pieces += 1;
  }

  async append(chunk: Uint8Array): Promise<void> {
    for (let taken = 0; taken < chunk.byteLength; ) {
      const part = chunk.subarray(taken, taken + GATHER_BYTES - this.#gathered);
      this.#gather.set(part, this.#gathered);
      this.#gathered += part.byteLength;
      this.#sizeBytes += part.byteLength;
      taken += part.byteLength;
      if (this.#gathered === GATHER_BYTES) await this.#flush();
    }
  }

  /** Throws all bytes away. */
  async startAnew(): Promise<void> {
    this.#gathered = 0;
    await this.#handle.truncate(0);
    this.#digest = startDigest();
    this.#sizeBytes = 0;
    this.#pieces = 0;
  }

  /** Judges the bytes as the whole. Wrong ones are thrown away with it: nothing is ever put behind them. */
  async judge(pin: Pin): Promise<Verdict> {
    const sizeBytes = this.#sizeBytes;
    if (pin.sizeBytes !== undefined && sizeBytes !== pin.sizeBytes) {
      await this.startAnew();
      return wrongSize(pin, `${sizeBytes} bytes`);
    }
    await this.#flush();
    const actual = this.#digest.end();
    if (actual === pin.digest) return { outcome: 'verified', sizeBytes };
    await this.startAnew();
    return { outcome: 'wrong-digest', expected: pin.digest, actual };
  }

  /** Gives the file away, under another name. */
  async moveTo(path: HostPath): Promise<void> {
    await this.#close();
    await rename(this.#path, path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    await this.#close();
    if (this.#sizeBytes === 0) await rm(this.#path, { force: true });
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    try {
      await this.#flush();
    } finally {
      await this.#handle.close();
    }
  }

  async #flush(): Promise<void> {
    if (this.#gathered === 0) return;
    const bytes = this.#gather.subarray(0, this.#gathered);
    const position = this.#sizeBytes - this.#gathered;
    // What cannot be written is not tried again when the file is closed.
    this.#gathered = 0;
    for (let written = 0; written < bytes.byteLength; ) {
      const rest = bytes.byteLength - written;
      written += (await this.#handle.write(bytes, written, rest, position + written)).bytesWritten;
    }
    this.#digest.update(bytes);
  }

  async #takeOver(sizeBytes: number): Promise<void> {
    const earlier = this.#handle.createReadStream({ start: 0, end: sizeBytes - 1, autoClose: false });
    for await (const chunk of earlier) {
      this.#digest.update(chunk);
      this.#sizeBytes += chunk.byteLength;
    }
    this.beginPiece();
  }
}

/** Where partial files lie. */
export type PartialPlaces = {
  /** The place of a pin's bytes; undefined while somebody else has it: two names may mean the same bytes. */
  claim(pin: Pin): (Disposable & { readonly path: HostPath }) | undefined;
};

/** A folder that stays from run to run, where a file is named by the digest it should have. */
export function partialPlaces(folder: HostPath): PartialPlaces {
  const claimed = new Set<Digest>();
  return {
    claim: ({ digest }) => {
      if (claimed.has(digest)) return undefined;
      claimed.add(digest);
      return { path: join(folder, digest), [Symbol.dispose]: () => void claimed.delete(digest) };
    },
  };
}

/** Removes what a broken download of a pin left, once its bytes came from elsewhere. */
export async function dropPartial(pin: Pin, places: PartialPlaces): Promise<void> {
  using place = places.claim(pin);
  if (place !== undefined) await rm(place.path, { force: true });
}
