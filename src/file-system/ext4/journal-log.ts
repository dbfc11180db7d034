import { crc32c } from '../crc32c.ts';
import { damaged, foreign } from '../damaged.ts';

/** The journal's numbers are big endian; include/linux/jbd2.h has all of these structures. */
const MAGIC = 0xc03b3998;
export const BLOCK_TYPES = { descriptor: 1, commit: 2, superblock: 4, revoke: 5 };
const INCOMPATIBLE = { revoke: 0x1, is64bit: 0x2, checksumsV3: 0x10 };
const READABLE = INCOMPATIBLE.revoke | INCOMPATIBLE.is64bit | INCOMPATIBLE.checksumsV3;
const TAG_FLAGS = { escaped: 0x1, sameUuid: 0x2, last: 0x8 };
const HEADER_BYTES = 12;
const REVOKE_HEADER_BYTES = 16;
const TAIL_BYTES = 4;
const UUID_BYTES = 16;
const SUPERBLOCK_BYTES = 1024;
const SUPERBLOCK_CHECKSUM_OFFSET = 0xfc;
const COMMIT_CHECKSUM_OFFSET = 16;

/** What the journal's own superblock says. */
export type JournalHead = {
  readonly blockCount: number;
  /** Where the ring of log blocks begins. */
  readonly first: number;
  /** Where the log begins; 0 when it is empty. */
  readonly start: number;
  /** The first transaction of the log. */
  readonly sequence: number;
  readonly is64bit: boolean;
  readonly hasChecksums: boolean;
  readonly checksumSeed: number;
};

/** A block that a descriptor announces: where it belongs, and how to know it. */
export type Tag = { readonly block: number; readonly isEscaped: boolean; readonly checksum: number };

/** Reads and checks the journal's superblock. */
export function readJournalHead(bytes: Buffer, blockBytes: number): JournalHead {
  const type = bytes.readUInt32BE(4);
  if (bytes.readUInt32BE(0) !== MAGIC || type !== BLOCK_TYPES.superblock)
    damaged('ext4', 'its journal has no superblock');
  const incompatible = bytes.readUInt32BE(0x28);
  if ((incompatible & ~READABLE) !== 0) {
    foreign('ext4', `its journal has features that are unknown here (0x${incompatible.toString(16)})`);
  }
  const hasChecksums = (incompatible & INCOMPATIBLE.checksumsV3) !== 0;
  const whole = bytes.subarray(0, SUPERBLOCK_BYTES);
  if (hasChecksums && !matches(whole, SUPERBLOCK_CHECKSUM_OFFSET, 0xffffffff)) {
    damaged('ext4', "the journal's superblock does not match its checksum");
  }
  const head: JournalHead = {
    blockCount: bytes.readUInt32BE(0x10),
    first: bytes.readUInt32BE(0x14),
    start: bytes.readUInt32BE(0x1c),
    sequence: bytes.readUInt32BE(0x18),
    is64bit: (incompatible & INCOMPATIBLE.is64bit) !== 0,
    hasChecksums,
    checksumSeed: crc32c(0xffffffff, bytes.subarray(0x30, 0x30 + UUID_BYTES)),
  };
  const isSound =
    bytes.readUInt32BE(0xc) === blockBytes &&
    head.first >= 1 &&
    head.first < head.blockCount &&
    (head.start === 0 || (head.start >= head.first && head.start < head.blockCount));
  if (!isSound) damaged('ext4', "the sizes in the journal's superblock do not go together");
  return head;
}

/** The type of a block of the log; undefined when the log, whose next transaction is `sequence`, ended before. */
export function logBlockType(bytes: Buffer, sequence: number): number | undefined {
  if (bytes.readUInt32BE(0) !== MAGIC || bytes.readUInt32BE(8) !== sequence) return undefined;
  return bytes.readUInt32BE(4);
}

/** Whether a descriptor or a list of revoked blocks matches the checksum at its end. */
export function hasRightTail(head: JournalHead, bytes: Buffer): boolean {
  return !head.hasChecksums || matches(bytes, bytes.length - TAIL_BYTES, head.checksumSeed);
}

/** Whether a commit block matches its checksum: if not, the power was cut before the transaction was whole. */
export function isWholeCommit(head: JournalHead, bytes: Buffer): boolean {
  return !head.hasChecksums || matches(bytes, COMMIT_CHECKSUM_OFFSET, head.checksumSeed);
}

/** Whether a block in the log is the one that its tag speaks of. */
export function isTaggedBlock(head: JournalHead, tag: Tag, bytes: Buffer, sequence: number): boolean {
  if (!head.hasChecksums) return true;
  const number = Buffer.alloc(4);
  number.writeUInt32BE(sequence);
  return crc32c(crc32c(head.checksumSeed, number), bytes) === tag.checksum;
}

/** A block as it was: one that began with the journal's own magic number has zeros in its place in the log. */
export function unescaped(tag: Tag, bytes: Buffer): Buffer {
  if (!tag.isEscaped) return bytes;
  const whole = Buffer.from(bytes);
  whole.writeUInt32BE(MAGIC, 0);
  return whole;
}

/** The tags of a descriptor, in the order in which the blocks follow it. */
export function readTags(head: JournalHead, bytes: Buffer): readonly Tag[] {
  const tags: Tag[] = [];
  const tagBytes = head.hasChecksums ? 16 : head.is64bit ? 12 : 8;
  const end = bytes.length - (head.hasChecksums ? TAIL_BYTES : 0);
  for (let at = HEADER_BYTES; at + tagBytes <= end; ) {
    const flags = head.hasChecksums ? bytes.readUInt32BE(at + 4) : bytes.readUInt16BE(at + 6);
    const high = head.is64bit ? bytes.readUInt32BE(at + 8) : 0;
    tags.push({
      block: bytes.readUInt32BE(at) + high * 2 ** 32,
      isEscaped: (flags & TAG_FLAGS.escaped) !== 0,
      checksum: head.hasChecksums ? bytes.readUInt32BE(at + 12) : 0,
    });
    if ((flags & TAG_FLAGS.last) !== 0) break;
    at += tagBytes + ((flags & TAG_FLAGS.sameUuid) !== 0 ? 0 : UUID_BYTES);
  }
  return tags;
}

/** The blocks that a transaction revokes: what older ones say of them counts no more. */
export function readRevoked(head: JournalHead, bytes: Buffer): readonly number[] {
  const numberBytes = head.is64bit ? 8 : 4;
  const end = Math.min(bytes.readUInt32BE(12), bytes.length);
  const blocks: number[] = [];
  for (let at = REVOKE_HEADER_BYTES; at + numberBytes <= end; at += numberBytes) {
    blocks.push(head.is64bit ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at));
  }
  return blocks;
}

/** A checksum of 32 bits at an offset, over everything else, with zeros in its own place. */
function matches(bytes: Buffer, offset: number, seed: number): boolean {
  let checksum = crc32c(seed, bytes.subarray(0, offset));
  checksum = crc32c(checksum, Buffer.alloc(4));
  checksum = crc32c(checksum, bytes.subarray(offset + 4));
  return checksum === bytes.readUInt32BE(offset);
}
