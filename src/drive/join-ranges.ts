import type { ByteRange } from '#file-system';

/** Where a range ends. */
export function endOf({ offsetBytes, lengthBytes }: ByteRange): number {
  return offsetBytes + lengthBytes;
}

/** The range between two offsets. */
export function rangeBetween(offsetBytes: number, end: number): ByteRange {
  return { offsetBytes, lengthBytes: end - offsetBytes };
}

/** A range made larger until both ends are whole units. */
export function alignOut(range: ByteRange, unitBytes: number): ByteRange {
  const begin = Math.floor(range.offsetBytes / unitBytes) * unitBytes;
  return rangeBetween(begin, Math.ceil(endOf(range) / unitBytes) * unitBytes);
}

/** The part of a range that lies in another; of no length when there is none. */
export function overlapOf(a: ByteRange, b: ByteRange): ByteRange {
  const begin = Math.max(a.offsetBytes, b.offsetBytes);
  return rangeBetween(begin, Math.max(begin, Math.min(endOf(a), endOf(b))));
}

/** The ranges in ascending order, where those that touch, or have at most so many bytes between them, are one. */
export function joinRanges(ranges: readonly ByteRange[], largestHoleBytes: number): readonly ByteRange[] {
  const joined: ByteRange[] = [];
  const ascending = ranges
    .filter(({ lengthBytes }) => lengthBytes > 0)
    .sort((a, b) => a.offsetBytes - b.offsetBytes);
  for (const range of ascending) {
    const last = joined.at(-1);
    if (last === undefined || range.offsetBytes > endOf(last) + largestHoleBytes) joined.push(range);
    else joined[joined.length - 1] = rangeBetween(last.offsetBytes, Math.max(endOf(last), endOf(range)));
  }
  return joined;
}
