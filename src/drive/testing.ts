import { createHash } from 'node:crypto';
import { digestOfBytes } from '#base';
import { type Layout, layOut, type PartitionRole } from '#disk';
import type { ByteRange, ByteReader } from '#file-system';
import type { FlashJob } from './flash.ts';
import type { OpenDrive } from './open-drive.ts';
import { planWrites } from './write-plan.ts';

export const MIB = 1024 * 1024;

/** What a drive does with its n-th write, read or flush, counted from 0; by default what it should. */
export type DriveFaults = {
  /** Gives what is stored, and where; nothing when the write is lost. */
  readonly onWrite?: (nth: number, bytes: Buffer, offsetBytes: number) => readonly StoredBytes[];
  /** Throws for a write that fails although bytes have been stored. */
  readonly afterWrite?: (nth: number) => void;
  /** Gives what the reader sees. */
  readonly onRead?: (nth: number, stored: Buffer, offsetBytes: number) => Buffer;
  /** Gives whether all that was written since the last flush is kept; throws for a flush that fails. */
  readonly onFlush?: (nth: number) => void;
  /** Where a block of 4 KiB really lies; undefined for nowhere: then it is lost, and zeros are read. */
  readonly realPlaceOf?: (offsetBytes: number) => number | undefined;
  /** Before all of these: throws once the drive is gone. */
  readonly onAny?: (nth: number) => void;
};

export type StoredBytes = { readonly offsetBytes: number; readonly bytes: Buffer };

/** A drive in memory, as faulty as one likes. A flush that fails loses what was written since the last one. */
export type MemoryDrive = OpenDrive & {
  readonly stored: Buffer;
  /** How many of each have begun. */
  readonly counts: { writes: number; reads: number; flushes: number; all: number };
};

/** Opens a drive over these bytes, which it changes. */
export function memoryDrive(stored: Buffer, faults: DriveFaults = {}): MemoryDrive {
  const counts = { writes: 0, reads: 0, flushes: 0, all: 0 };
  let unflushed: StoredBytes[] = [];
  const begin = (kind: 'writes' | 'reads' | 'flushes'): number => {
    faults.onAny?.(counts.all);
    counts.all += 1;
    counts[kind] += 1;
    return counts[kind] - 1;
  };
  const eachBlock = (
    offsetBytes: number,
    lengthBytes: number,
    act: (place: number, at: number, length: number) => void,
  ) => {
    const step = faults.realPlaceOf === undefined ? lengthBytes : 4096;
    for (let at = 0; at < lengthBytes; at += step) {
      const place = faults.realPlaceOf === undefined ? offsetBytes : faults.realPlaceOf(offsetBytes + at);
      if (place !== undefined) act(place, at, Math.min(step, lengthBytes - at));
    }
  };
  const store = ({ offsetBytes, bytes }: StoredBytes): void =>
    eachBlock(offsetBytes, bytes.length, (place, at, length) => {
      unflushed.push({ offsetBytes: place, bytes: Buffer.from(stored.subarray(place, place + length)) });
      bytes.copy(stored, place, at, at + length);
    });
  return {
    stored,
    counts,
    sizeBytes: stored.length,
    write: async (bytes, offsetBytes) => {
      checkPlace(stored.length, bytes, offsetBytes);
      const nth = begin('writes');
      const whole = Buffer.from(bytes);
      for (const one of faults.onWrite?.(nth, whole, offsetBytes) ?? [{ offsetBytes, bytes: whole }])
        store(one);
      faults.afterWrite?.(nth);
    },
    read: async (into, offsetBytes) => {
      checkPlace(stored.length, into, offsetBytes);
      const nth = begin('reads');
      const found = Buffer.alloc(into.length);
      eachBlock(offsetBytes, into.length, (place, at, length) =>
        stored.copy(found, at, place, place + length),
      );
      into.set(faults.onRead?.(nth, found, offsetBytes) ?? found);
    },
    flush: async () => {
      const nth = begin('flushes');
      try {
        faults.onFlush?.(nth);
      } catch (error) {
        for (const { offsetBytes, bytes } of unflushed.reverse()) bytes.copy(stored, offsetBytes);
        throw error;
      } finally {
        unflushed = [];
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

function checkPlace(sizeBytes: number, bytes: Uint8Array, offsetBytes: number): void {
  const end = offsetBytes + bytes.length;
  const isWhole = offsetBytes % 4096 === 0 && (end % 4096 === 0 || (end === sizeBytes && end % 512 === 0));
  if (!isWhole || end > sizeBytes)
    throw new RangeError(`${bytes.length} bytes at ${offsetBytes} of ${sizeBytes}`);
}

/** An error as the system gives it. */
export function systemError(
  code: 'EIO' | 'ENOSPC' | 'ENODEV' | 'EROFS',
  call: string,
): NodeJS.ErrnoException {
  const errno = { EIO: -5, ENODEV: -19, ENOSPC: -28, EROFS: -30 }[code];
  return Object.assign(new Error(`${code}: ${call}`), { code, errno, syscall: call });
}

/** Bytes that follow from a word, quickly: no two blocks of 4 KiB are the same. */
export function noise(word: string, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes, createHash('sha512').update(word).digest());
  for (let at = 0; at < sizeBytes; at += 4096) bytes.writeUInt32LE((at / 4096) ^ 0x5bd1e995, at);
  return bytes;
}

export type ToyImage = {
  readonly layout: Layout;
  readonly bytes: Buffer;
  readonly used: ReadonlyMap<PartitionRole, readonly ByteRange[]>;
};

/** An image whose file systems are noise, of which so much is in use. */
export function toyImage(sizes: { readonly espMib: number; readonly rootMib: number }): ToyImage {
  const layout = layOut({
    espSizeBytes: sizes.espMib * MIB,
    rootSizeBytes: sizes.rootMib * MIB,
    seed: digestOfBytes('toy'),
  });
  return {
    layout,
    bytes: noise('image', layout.sizeSectors * 512),
    used: new Map([
      [
        'esp',
        [
          { offsetBytes: 0, lengthBytes: 40_000 },
          { offsetBytes: 4.5 * MIB, lengthBytes: 5000 },
        ],
      ],
      [
        'root',
        [
          { offsetBytes: 0, lengthBytes: 3 * MIB },
          { offsetBytes: 8 * MIB, lengthBytes: 2 * MIB },
        ],
      ],
    ]),
  };
}

/** A reader of bytes in memory. */
export function readerOf(bytes: Buffer): ByteReader {
  return {
    sizeBytes: bytes.length,
    read: async (offsetBytes, lengthBytes) => bytes.subarray(offsetBytes, offsetBytes + lengthBytes),
  };
}

/** What a drive of this size gets of a toy image. */
export function toyJob(image: ToyImage, driveBytes: number): FlashJob {
  const sizeSectors = Math.floor(driveBytes / 512);
  return {
    driveName: '/dev/toy',
    imageName: 'toy.img',
    image: readerOf(image.bytes),
    bootCode: Buffer.alloc(440, 0x90),
    layout: { ...image.layout, sizeSectors, lastUsableSector: sizeSectors - 34 },
    plan: planWrites({ layout: image.layout, driveBytes, used: image.used }),
    nonce: 'of-the-test',
  };
}
