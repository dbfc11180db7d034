import type { ByteReader } from '../byte-reader.ts';
import { crc32c } from '../crc32c.ts';
import { damaged, foreign } from '../damaged.ts';

/** The superblock lies behind room for a boot sector (fs/ext4/ext4.h, struct ext4_super_block, as all offsets here). */
export const SUPERBLOCK_OFFSET = 1024;
export const SUPERBLOCK_BYTES = 1024;
const MAGIC = 0xef53;
const UUID_OFFSET = 0x68;
const CHECKSUM_OFFSET = 0x3fc;
const CHECKSUM_SEED_OFFSET = 0x270;
const INCOMPATIBLE_OFFSET = 0x60;

const COMPATIBLE = { resizeInode: 0x10, sparseSuper2: 0x200 };
const INCOMPATIBLE = {
  filetype: 0x2,
  needsRecovery: 0x4,
  metaGroups: 0x10,
  extents: 0x40,
  is64bit: 0x80,
  flexGroups: 0x200,
  checksumSeed: 0x2000,
  largeDirectories: 0x4000,
};
const READ_ONLY = { sparseSuper: 0x1, clusters: 0x200, metadataChecksums: 0x400, orphansPresent: 0x10000 };
const READABLE = Object.values(INCOMPATIBLE).reduce((all, bit) => all | bit, 0);
/** s_state. */
const STATE = { valid: 0x1, hasErrors: 0x2 };

/** What the superblock says, as far as readers need it. */
export type Superblock = {
  readonly uuid: string;
  readonly label: string;
  /** Whether it was unmounted in order, and nothing wrong was found in it since. */
  readonly isClean: boolean;
  /** Whether the kernel found something wrong in it that was not mended since. */
  readonly hasErrors: boolean;
  /** Whether its journal holds what its other blocks do not yet. */
  readonly needsRecovery: boolean;
  readonly blockBytes: number;
  readonly blockCount: number;
  readonly firstBlock: number;
  readonly blocksPerGroup: number;
  readonly inodeCount: number;
  readonly inodesPerGroup: number;
  readonly inodeBytes: number;
  readonly journalInode: number;
  readonly descriptorBytes: number;
  readonly reservedDescriptorBlocks: number;
  /** The first group of descriptors that lies with its groups (meta_bg); undefined when all lie together. */
  readonly firstMetaGroup: number | undefined;
  readonly hasSparseSuper: boolean;
  /** The two groups with a backup, when it is only them (sparse_super2). */
  readonly backupGroups: readonly number[] | undefined;
  /** What the checksums of all other metadata begin with. */
  readonly checksumSeed: number;
};

/** Reads and checks the primary superblock. Ends with a problem when it is damaged, or of another kind. */
export async function readSuperblock(reader: ByteReader): Promise<Superblock> {
  if (reader.sizeBytes < SUPERBLOCK_OFFSET + SUPERBLOCK_BYTES) foreign('ext4', 'it is too small');
  const bytes = await reader.read(SUPERBLOCK_OFFSET, SUPERBLOCK_BYTES);
  if (bytes.readUInt16LE(0x38) !== MAGIC) foreign('ext4', 'it has no superblock');
  checkFeatures(bytes);
  if (!hasRightChecksum(bytes)) damaged('ext4', 'the superblock does not match its checksum', 1024);
  const superblock = decode(bytes);
  checkGeometry(superblock, reader.sizeBytes);
  return superblock;
}

function checkFeatures(bytes: Buffer): void {
  const unknown = bytes.readUInt32LE(INCOMPATIBLE_OFFSET) & ~READABLE;
  if (unknown !== 0) foreign('ext4', `it has features that are unknown here (0x${unknown.toString(16)})`);
  const readOnly = bytes.readUInt32LE(0x64);
  if ((readOnly & READ_ONLY.clusters) !== 0) foreign('ext4', 'its blocks are in clusters (bigalloc)');
  if ((readOnly & READ_ONLY.metadataChecksums) === 0) foreign('ext4', 'it has no checksums (metadata_csum)');
  // 1: CRC-32C, the only kind that there is.
  if (bytes.readUInt8(0x175) !== 1) foreign('ext4', 'its checksums are of an unknown kind');
}

function decode(bytes: Buffer): Superblock {
  const compatible = bytes.readUInt32LE(0x5c);
  const incompatible = bytes.readUInt32LE(INCOMPATIBLE_OFFSET);
  const readOnly = bytes.readUInt32LE(0x64);
  const has = (set: number, bit: number) => (set & bit) !== 0;
  const is64bit = has(incompatible, INCOMPATIBLE.is64bit);
  const state = bytes.readUInt16LE(0x3a);
  const needsRecovery = has(incompatible, INCOMPATIBLE.needsRecovery);
  // s_last_orphan: files that were deleted while open.
  const hasOrphans = bytes.readUInt32LE(0xe8) !== 0 || has(readOnly, READ_ONLY.orphansPresent);
  return {
    uuid: uuidText(bytes.subarray(UUID_OFFSET, UUID_OFFSET + 16)),
    label: bytes.toString('utf8', 0x78, 0x88).replace(/\0.*$/s, ''),
    isClean: has(state, STATE.valid) && !has(state, STATE.hasErrors) && !needsRecovery && !hasOrphans,
    hasErrors: has(state, STATE.hasErrors),
    needsRecovery,
    blockBytes: 1024 * 2 ** Math.min(bytes.readUInt32LE(0x18), 16),
    blockCount: bytes.readUInt32LE(0x4) + (is64bit ? bytes.readUInt32LE(0x150) * 2 ** 32 : 0),
    firstBlock: bytes.readUInt32LE(0x14),
    blocksPerGroup: bytes.readUInt32LE(0x20),
    inodeCount: bytes.readUInt32LE(0x0),
    inodesPerGroup: bytes.readUInt32LE(0x28),
    inodeBytes: bytes.readUInt16LE(0x58),
    journalInode: bytes.readUInt32LE(0xe0),
    descriptorBytes: is64bit ? bytes.readUInt16LE(0xfe) : 32,
    reservedDescriptorBlocks: has(compatible, COMPATIBLE.resizeInode) ? bytes.readUInt16LE(0xce) : 0,
    firstMetaGroup: has(incompatible, INCOMPATIBLE.metaGroups) ? bytes.readUInt32LE(0x104) : undefined,
    hasSparseSuper: has(readOnly, READ_ONLY.sparseSuper),
    backupGroups: has(compatible, COMPATIBLE.sparseSuper2)
      ? [bytes.readUInt32LE(0x24c), bytes.readUInt32LE(0x250)]
      : undefined,
    checksumSeed: checksumSeedOf(bytes),
  };
}

/** Without a seed of its own, the checksums begin with the UUID. */
function checksumSeedOf(bytes: Buffer): number {
  const hasOwn = (bytes.readUInt32LE(INCOMPATIBLE_OFFSET) & INCOMPATIBLE.checksumSeed) !== 0;
  if (hasOwn) return bytes.readUInt32LE(CHECKSUM_SEED_OFFSET);
  return crc32c(0xffffffff, bytes.subarray(UUID_OFFSET, UUID_OFFSET + 16));
}

/** Holds what is read later to sizes that the bytes themselves vouch for. */
function checkGeometry(superblock: Superblock, sizeBytes: number): void {
  const { blockBytes, blockCount, blocksPerGroup, inodeBytes, inodesPerGroup, firstBlock } = superblock;
  const groups = Math.ceil((blockCount - firstBlock) / blocksPerGroup);
  const isPowerOfTwo = (value: number) => value > 0 && (value & (value - 1)) === 0;
  const isSound =
    blockBytes <= 4096 &&
    firstBlock === (blockBytes === 1024 ? 1 : 0) &&
    blocksPerGroup === 8 * blockBytes &&
    blockCount > firstBlock &&
    isPowerOfTwo(inodeBytes) &&
    inodeBytes >= 128 &&
    inodeBytes <= blockBytes &&
    inodesPerGroup > 0 &&
    inodesPerGroup <= 8 * blockBytes &&
    superblock.inodeCount === groups * inodesPerGroup &&
    [32, 64].includes(superblock.descriptorBytes);
  if (!isSound) damaged('ext4', 'the sizes in the superblock do not go together', SUPERBLOCK_OFFSET);
  if (blockCount * blockBytes > sizeBytes) {
    damaged('ext4', `it is ${blockCount * blockBytes} bytes large, but its partition ${sizeBytes}`);
  }
}

/** Whether a superblock, of whichever copy, matches its own checksum. */
export function hasRightChecksum(bytes: Buffer): boolean {
  const right = crc32c(0xffffffff, bytes.subarray(0, CHECKSUM_OFFSET));
  return bytes.readUInt16LE(0x38) === MAGIC && bytes.readUInt32LE(CHECKSUM_OFFSET) === right;
}

/**
 * A copy of a superblock with another UUID. Where checksums began with the old UUID, they are told to go on doing so
 * (metadata_csum_seed), as tune2fs does; else every block of metadata would have to change.
 */
export function withUuid(bytes: Buffer, uuid: string): Buffer {
  const renewed = Buffer.from(bytes);
  renewed.writeUInt32LE(checksumSeedOf(bytes), CHECKSUM_SEED_OFFSET);
  renewed.writeUInt32LE(
    (bytes.readUInt32LE(INCOMPATIBLE_OFFSET) | INCOMPATIBLE.checksumSeed) >>> 0,
    INCOMPATIBLE_OFFSET,
  );
  renewed.write(uuid.replaceAll('-', ''), UUID_OFFSET, 16, 'hex');
  renewed.writeUInt32LE(crc32c(0xffffffff, renewed.subarray(0, CHECKSUM_OFFSET)), CHECKSUM_OFFSET);
  return renewed;
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
