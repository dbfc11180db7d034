/**
 * Partition layouts as data, and the bytes they are on disk: GPT, its backup, the protective MBR. Not what writes
 * them to a file or drive, or opens one (image, drive). Invariant: pure; every GUID follows from a seed, never from
 * chance.
 */
export { dumpLayout } from './dump.ts';
export { activeFlagOf, BOOT_CODE_BYTES, encodeLayout, encodeMbr, type Placed } from './encode.ts';
export { type Guid, guid, guidBytes, guidFrom, guidOfBytes, volumeUuid } from './guid.ts';
export {
  ACTIVE_FLAGS,
  type ActiveFlag,
  ALIGN_SECTORS,
  type Layout,
  type LayoutRequest,
  layOut,
  layoutForDrive,
  PARTITION_TYPES,
  type Partition,
  type PartitionRole,
  partitionOf,
  SECTOR_BYTES,
  TABLE_SECTORS,
} from './layout.ts';
export { type FoundLayout, readLayout, type Sectors, type TableState } from './read-layout.ts';
