/**
 * Reads ext4 and FAT32 out of bytes, and says which bytes would give them another identity. Not what opens files and
 * drives, and nothing here writes (drive). Invariant: whatever the bytes are, reading ends, and holds no more in memory
 * than tables of a size that was checked; what is wrong is a problem that says what and where.
 */
export {
  type ByteRange,
  type ByteReader,
  bytesReader,
  mergeRanges,
  type Patch,
  partOf,
  patchedReader,
} from './byte-reader.ts';
export { asResult } from './damaged.ts';
export { type Ext4, openExt4 } from './ext4/open-ext4.ts';
export { replayJournal } from './ext4/replay-journal.ts';
export { type Fat32, openFat32 } from './fat32/open-fat32.ts';
export type { DamagedEntry, EntryType, FileSystemEntry, WalkedEntry } from './file-system-entry.ts';
