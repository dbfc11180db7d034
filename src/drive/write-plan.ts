import { type Layout, type Partition, type PartitionRole, SECTOR_BYTES, TABLE_SECTORS } from '#disk';
import type { ByteRange } from '#file-system';
import { placeMarkers } from './capacity-markers.ts';
import { alignOut, endOf, joinRanges, overlapOf, rangeBetween } from './join-ranges.ts';

/** Everything begins and ends at such blocks: what flash is written in, at the least, and what O_DIRECT may ask for. */
export const BLOCK_BYTES = 4096;

/**
 * A hole up to this size is written along. At 30 MB/s it takes 2 ms, which is what a stick needs for a command that
 * begins elsewhere, the more so when it then has to move the rest of an erase block.
 */
const LARGEST_HOLE_BYTES = 64 * 1024;

/**
 * Of each file system, so much is written at its beginning whatever its bitmaps say. The last place there where
 * libblkid looks for a signature is that of LUKS2's second header (cryptsetup's luks2.h: 0x400000).
 */
const BEGINNING_BYTES = 0x400000 + BLOCK_BYTES;

/**
 * And so much at the end, of the drive as well: RAID members (md 0.90 and 1.0, Promise's as far as sector 3,087 from
 * the end), ZFS and bcachefs have signatures there that libblkid would find.
 */
const ENDING_BYTES = 2 * 1024 * 1024;

/** Sectors 0 to 33: protective MBR, header, table. */
const HEAD_SECTORS = 2 + TABLE_SECTORS;
/** The last 33: table and header. */
const TAIL_SECTORS = TABLE_SECTORS + 1;

/** A stretch of the drive, and what it gets. What was wiped at the beginning is not written again, but read back. */
export type PlannedRange = ByteRange & { readonly from: 'image' | 'zeros' | 'wiped' };

/** What of a drive gets written, and where to. */
export type WritePlan = {
  readonly driveBytes: number;
  /** Where the partition tables lie, in whole blocks: wiped before all else, written after all else. */
  readonly head: ByteRange;
  readonly tail: ByteRange;
  /** All that has to be on the drive before its tables are: ascending, nothing twice. */
  readonly ranges: readonly PlannedRange[];
  /** Free places all over the drive that show whether it is as large as it says. */
  readonly markers: readonly number[];
};

/** What decides a plan. */
export type PlanRequest = {
  /** Of the image. */
  readonly layout: Layout;
  readonly driveBytes: number;
  /** The ranges of each file system that are in use, from its partition's beginning. */
  readonly used: ReadonlyMap<PartitionRole, readonly ByteRange[]>;
};

/**
 * Plans what is written to a drive: all that is in use, zeros of metadata too, since a drive that was used before
 * holds other bytes there. Only blocks that are free are left out. A partition without a file system is written whole.
 */
export function planWrites({ layout, driveBytes, used }: PlanRequest): WritePlan {
  const headEnd = HEAD_SECTORS * SECTOR_BYTES;
  const head = alignOut(rangeBetween(0, headEnd), BLOCK_BYTES);
  const tailBegin = driveBytes - TAIL_SECTORS * SECTOR_BYTES;
  const tail = rangeBetween(Math.floor(tailBegin / BLOCK_BYTES) * BLOCK_BYTES, driveBytes);
  const firstImageByte = Math.floor(headEnd / BLOCK_BYTES) * BLOCK_BYTES;
  const fromImage = joinRanges(
    layout.partitions.flatMap((partition) => rangesOf(partition, used.get(partition.role))),
    LARGEST_HOLE_BYTES,
  );
  const imageEnd = Math.max(...fromImage.map(endOf));
  const endingBegin = Math.floor((driveBytes - ENDING_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
  const ranges: readonly PlannedRange[] = [
    { ...rangeBetween(0, firstImageByte), from: 'wiped' },
    ...fromImage.map((range) => ({ ...range, from: 'image' as const })),
    { ...rangeBetween(Math.max(imageEnd, endingBegin), tail.offsetBytes), from: 'zeros' },
    { ...tail, from: 'wiped' },
  ];
  return { driveBytes, head, tail, ranges, markers: placeMarkers(driveBytes, ranges) };
}

/** How many bytes a plan puts on a drive before the tables. */
export function plannedBytes({ ranges }: WritePlan): number {
  return ranges.reduce((total, { lengthBytes }) => total + lengthBytes, 0);
}

function rangesOf(partition: Partition, used: readonly ByteRange[] | undefined): readonly ByteRange[] {
  const begin = partition.startSector * SECTOR_BYTES;
  const whole = rangeBetween(begin, begin + partition.sizeSectors * SECTOR_BYTES);
  if (used === undefined) return [alignOut(whole, BLOCK_BYTES)];
  return [
    rangeBetween(begin, begin + BEGINNING_BYTES),
    ...used.map(({ offsetBytes, lengthBytes }) => ({ offsetBytes: begin + offsetBytes, lengthBytes })),
    rangeBetween(endOf(whole) - ENDING_BYTES, endOf(whole)),
  ].map((range) => alignOut(overlapOf(range, whole), BLOCK_BYTES));
}
