/** Bytes that can be read anywhere: an image file, a drive, a part of either. */
export type ByteReader = {
  readonly sizeBytes: number;
  /** Exactly so many bytes; rejects when they reach past the end. */
  read(offsetBytes: number, lengthBytes: number): Promise<Buffer>;
};

/** A stretch of bytes. */
export type ByteRange = { readonly offsetBytes: number; readonly lengthBytes: number };

/** Bytes to be put over others. */
export type Patch = { readonly offsetBytes: number; readonly bytes: Uint8Array };

/** A part of a reader, as a reader of its own: a partition of an image. */
export function partOf(reader: ByteReader, { offsetBytes, lengthBytes }: ByteRange): ByteReader {
  checkWithin(reader, offsetBytes, lengthBytes);
  const part: ByteReader = {
    sizeBytes: lengthBytes,
    read(offset, length) {
      checkWithin(part, offset, length);
      return reader.read(offsetBytes + offset, length);
    },
  };
  return part;
}

/** Bytes that are in memory, as a reader. */
export function bytesReader(bytes: Buffer): ByteReader {
  const reader: ByteReader = {
    sizeBytes: bytes.length,
    async read(offset, length) {
      checkWithin(reader, offset, length);
      return bytes.subarray(offset, offset + length);
    },
  };
  return reader;
}

/** A reader as it would be once the patches, of which no two overlap, were written. */
export function patchedReader(reader: ByteReader, patches: readonly Patch[]): ByteReader {
  const sorted = [...patches].sort((a, b) => a.offsetBytes - b.offsetBytes);
  return {
    sizeBytes: reader.sizeBytes,
    async read(offset, length) {
      const plain = await reader.read(offset, length);
      const touching = sorted.slice(firstEndingAfter(sorted, offset));
      if ((touching[0]?.offsetBytes ?? Number.POSITIVE_INFINITY) >= offset + length) return plain;
      const bytes = Buffer.from(plain);
      for (const patch of touching) {
        if (patch.offsetBytes >= offset + length) break;
        const begin = Math.max(patch.offsetBytes, offset);
        const end = Math.min(patch.offsetBytes + patch.bytes.length, offset + length);
        bytes.set(patch.bytes.subarray(begin - patch.offsetBytes, end - patch.offsetBytes), begin - offset);
      }
      return bytes;
    },
  };
}

/** The index of the first patch that ends behind an offset; binary search, since a journal can hold thousands. */
function firstEndingAfter(sorted: readonly Patch[], offsetBytes: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const patch = sorted[middle];
    if (patch !== undefined && patch.offsetBytes + patch.bytes.length > offsetBytes) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * A reader that keeps the chunks it read last: for tables that are read a few bytes at a time. Nothing that is read
 * through it may be larger than a chunk.
 */
export function cachedReader(reader: ByteReader, chunkBytes: number, chunkCount: number): ByteReader {
  const chunks = new Map<number, Promise<Buffer>>();
  const chunkAt = (index: number): Promise<Buffer> => {
    const offset = index * chunkBytes;
    const chunk = chunks.get(index) ?? reader.read(offset, Math.min(chunkBytes, reader.sizeBytes - offset));
    // The one that was used last is the last to go.
    chunks.delete(index);
    chunks.set(index, chunk);
    for (const oldest of chunks.keys()) {
      if (chunks.size <= chunkCount) break;
      chunks.delete(oldest);
    }
    return chunk;
  };
  const cached: ByteReader = {
    sizeBytes: reader.sizeBytes,
    async read(offset, length) {
      checkWithin(cached, offset, length);
      if (length === 0) return Buffer.alloc(0);
      const first = Math.floor(offset / chunkBytes);
      const last = Math.floor((offset + length - 1) / chunkBytes);
      if (first !== last) return reader.read(offset, length);
      const begin = offset - first * chunkBytes;
      return (await chunkAt(first)).subarray(begin, begin + length);
    },
  };
  return cached;
}

/** Ranges in order, with those that touch made into one. */
export function mergeRanges(ranges: Iterable<ByteRange>): readonly ByteRange[] {
  const merged: { offsetBytes: number; lengthBytes: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.offsetBytes - b.offsetBytes)) {
    if (range.lengthBytes === 0) continue;
    const last = merged.at(-1);
    if (last !== undefined && last.offsetBytes + last.lengthBytes >= range.offsetBytes) {
      const end = Math.max(last.offsetBytes + last.lengthBytes, range.offsetBytes + range.lengthBytes);
      last.lengthBytes = end - last.offsetBytes;
    } else {
      merged.push({ ...range });
    }
  }
  return merged;
}

function checkWithin({ sizeBytes }: ByteReader, offsetBytes: number, lengthBytes: number): void {
  if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes + lengthBytes > sizeBytes) {
    throw new RangeError(`${lengthBytes} bytes at ${offsetBytes} are not within ${sizeBytes}`);
  }
}
