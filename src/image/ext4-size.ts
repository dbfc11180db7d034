import { posix } from 'node:path';
import type { OwnedEntry } from './built-artifact.ts';

/** Also for small file systems, which mke2fs would give blocks of 1 KiB: slow, and they cannot grow far. */
export const BLOCK_BYTES = 4096;
export const INODE_BYTES = 256;

/** One inode for so many bytes; it stays with the file system however far it grows. */
export const BYTES_PER_INODE = 16384;

/** For the drive that the stick may be, not for the image: the journal cannot grow with it. More would only take room. */
export const JOURNAL_MIB = 32;

const JOURNAL_BLOCKS = (JOURNAL_MIB * 1024 * 1024) / BLOCK_BYTES;

/** The file system can be grown to 2 TiB while mounted. */
export const GROWABLE_BLOCKS = 2 ** 41 / BLOCK_BYTES;

/** For root alone, in percent. */
export const RESERVED_PERCENT = 1;

const BLOCKS_PER_GROUP = 8 * BLOCK_BYTES;
const GROUP_DESCRIPTOR_BYTES = 64;
/** A last group smaller than its own metadata is dropped by mke2fs. */
const LAST_GROUP_BLOCKS_MIN = 4096;
/** Symlinks up to this length lie in their inode. */
const SHORT_SYMLINK_BYTES = 59;
/** Part of every directory block is a checksum; an entry takes 8 bytes and its name, filled up to four. */
const DIRECTORY_BLOCK_BYTES = BLOCK_BYTES - 12;

/** The size of a root file system that holds the entries and has so much room left. A whole number of MiB. */
export function rootSizeBytes(entries: readonly OwnedEntry[], freeBytes: number): number {
  const content = contentBlocks(entries);
  const reserved = (blocks: number) => Math.ceil((blocks * RESERVED_PERCENT) / 100);
  // mke2fs refuses a journal of more than half of what is free.
  const wanted = Math.max(content + Math.ceil(freeBytes / BLOCK_BYTES), JOURNAL_BLOCKS);
  const inodeFloor = ((entries.length + 100) * BYTES_PER_INODE) / BLOCK_BYTES;
  // Metadata grows with the size, in steps; a few rounds find the smallest that fits.
  let blocks = Math.max(wanted, inodeFloor);
  while (blocks - metadataBlocks(blocks) - reserved(blocks) < wanted) {
    blocks += Math.max(256, wanted - (blocks - metadataBlocks(blocks) - reserved(blocks)));
  }
  const rest = blocks % BLOCKS_PER_GROUP;
  if (rest > 0 && rest < LAST_GROUP_BLOCKS_MIN) blocks += LAST_GROUP_BLOCKS_MIN - rest;
  return Math.ceil(blocks / 256) * 256 * BLOCK_BYTES;
}

/** Blocks that the entries take: files, directories, long symlinks, with a margin for extent trees. */
function contentBlocks(entries: readonly OwnedEntry[]): number {
  let blocks = 0;
  const directoryBytes = new Map<string, number>([['/', 0]]);
  for (const { entry } of entries) {
    if (entry.type === 'file') blocks += Math.ceil(entry.sizeBytes / BLOCK_BYTES);
    if (entry.type === 'symlink' && Buffer.byteLength(entry.target) > SHORT_SYMLINK_BYTES) blocks += 1;
    const parent = posix.dirname(entry.path);
    const nameBytes = 8 + Math.ceil(Buffer.byteLength(posix.basename(entry.path)) / 4) * 4;
    directoryBytes.set(parent, (directoryBytes.get(parent) ?? 0) + nameBytes);
    if (entry.type === 'directory' && !directoryBytes.has(entry.path)) directoryBytes.set(entry.path, 0);
  }
  // Blocks of a directory are not quite full at their ends; the longest entry bounds the gap.
  for (const bytes of directoryBytes.values()) blocks += 1 + Math.ceil(bytes / (DIRECTORY_BLOCK_BYTES - 264));
  return Math.ceil(blocks * 1.005) + 256;
}

/** Blocks that ext4 takes for itself at this size; rather too many than too few. */
function metadataBlocks(blocks: number): number {
  const groups = Math.ceil(blocks / BLOCKS_PER_GROUP);
  const inodeTable = (BLOCKS_PER_GROUP * BLOCK_BYTES * INODE_BYTES) / BYTES_PER_INODE / BLOCK_BYTES;
  const bitmaps = 2;
  const descriptors =
    Math.ceil((GROWABLE_BLOCKS / BLOCKS_PER_GROUP) * (GROUP_DESCRIPTOR_BYTES / BLOCK_BYTES)) + 1;
  const withSuperblock = Array.from({ length: groups }, (_, group) => group).filter(hasSuperblock).length;
  const lostAndFound = 4;
  return groups * (inodeTable + bitmaps) + withSuperblock * (1 + descriptors) + JOURNAL_BLOCKS + lostAndFound;
}

/** The groups with a copy of superblock and descriptors: 0, 1, and powers of 3, 5 and 7 (sparse_super). */
function hasSuperblock(group: number): boolean {
  const isPowerOf = (base: number) => {
    let power = base;
    while (power < group) power *= base;
    return power === group;
  };
  return group <= 1 || isPowerOf(3) || isPowerOf(5) || isPowerOf(7);
}
