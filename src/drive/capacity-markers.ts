import { createHash } from 'node:crypto';
import type { ByteRange } from '#file-system';
import { endOf, rangeBetween } from './join-ranges.ts';
import type { PlannedRange } from './write-plan.ts';

/** The size of a marker, and of what its place is a multiple of. */
export const MARKER_BYTES = 4096;

/** The smallest chips that anybody would sell as more. */
const SMALLEST_REAL_BYTES = 64 * 1024 * 1024;
const SMALLEST_REAL_DECIMAL_BYTES = 1_000_000_000;

/**
 * Places for markers: blocks that nothing else is written to, all over the size that a drive says it has. A drive
 * that has less either drops what lies behind its real end, so that no marker there comes back, or it wraps, so that
 * a marker at its real size lies over the beginning, which is written whole. Real sizes are powers of two, since the
 * upper bits of an address are what gets lost (as f3probe takes it, too); multiples of an eighth, and of 10⁹ bytes,
 * are for drives that are made otherwise.
 */
export function placeMarkers(driveBytes: number, written: readonly PlannedRange[]): readonly number[] {
  const eighths = Array.from({ length: 7 }, (_, at) => (driveBytes / 8) * (at + 1));
  // In front of the zeros at the end.
  const lastBlock =
    (written.findLast(({ from }) => from === 'zeros')?.offsetBytes ?? driveBytes) - MARKER_BYTES;
  const places = [
    ...eighths,
    ...doublings(SMALLEST_REAL_BYTES, driveBytes),
    ...doublings(SMALLEST_REAL_DECIMAL_BYTES, driveBytes),
    lastBlock,
  ].map((place) => Math.ceil(place / MARKER_BYTES) * MARKER_BYTES);
  return [...new Set(places)]
    .filter((place) => isFree(rangeBetween(place, place + MARKER_BYTES), driveBytes, written))
    .sort((a, b) => a - b);
}

/** The bytes of a marker: of this place and of this run, so that nothing left of an earlier one passes for it. */
export function markerBytes(offsetBytes: number, nonce: string): Buffer {
  const lines = Array.from({ length: MARKER_BYTES / 32 }, (_, at) =>
    createHash('sha256').update(`${nonce} ${offsetBytes} ${at}`).digest(),
  );
  return Buffer.concat(lines);
}

function doublings(firstBytes: number, belowBytes: number): readonly number[] {
  const places: number[] = [];
  for (let place = firstBytes; place < belowBytes; place *= 2) places.push(place);
  return places;
}

function isFree(block: ByteRange, driveBytes: number, written: readonly ByteRange[]): boolean {
  if (block.offsetBytes < 0 || endOf(block) > driveBytes) return false;
  return written.every((range) => endOf(range) <= block.offsetBytes || endOf(block) <= range.offsetBytes);
}
