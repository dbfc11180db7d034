import { fatFormat } from './fat-format.ts';
import { type Ends, type Format, hasAt, textAt, uuidAt } from './format.ts';

const KIB = 1024;

/** File systems that stand for themselves, and swap. */
export function fileSystemFormats({ head }: Ends): readonly Format[] {
  return [
    ext(head),
    fatFormat(head),
    ntfs(head),
    xfs(head),
    f2fs(head),
    ...optical(head),
    swap(head),
    hasAt(head, 0, 'hsqs') ? { kind: 'squashfs' as const } : undefined,
    // Apple TN1150: the volume header at 1 KiB; Apple File System Reference: magic at 32.
    hasAt(head, KIB, 'H+') || hasAt(head, KIB, 'HX') ? { kind: 'HFS+' as const } : undefined,
    hasAt(head, 32, 'NXSB') ? { kind: 'APFS' as const } : undefined,
  ].filter((format) => format !== undefined);
}

/** Features that ext3 does not have (ext4/ext4.h): all incompatible ones but filetype, recover, journal device, meta_bg. */
const EXT3_INCOMPAT = 0x2 | 0x4 | 0x8 | 0x10;
/** Sparse superblocks, large files, B-tree folders. */
const EXT3_RO_COMPAT = 0x1 | 0x2 | 0x4;

/** The superblock at 1 KiB (Documentation/filesystems/ext4/super.rst). */
function ext(head: Buffer): Format | undefined {
  const block = head.subarray(KIB, 2 * KIB);
  if (!hasAt(block, 0x38, [0x53, 0xef])) return undefined;
  const hasJournal = (block.readUInt32LE(0x5c) & 0x4) !== 0;
  const isNew =
    (block.readUInt32LE(0x60) & ~EXT3_INCOMPAT) !== 0 || (block.readUInt32LE(0x64) & ~EXT3_RO_COMPAT) !== 0;
  const is64Bit = (block.readUInt32LE(0x60) & 0x80) !== 0;
  const count = (low: number, high: number): number =>
    block.readUInt32LE(low) + (is64Bit ? block.readUInt32LE(high) * 2 ** 32 : 0);
  const usedBlocks = count(0x4, 0x150) - count(0xc, 0x158);
  return {
    kind: isNew ? 'ext4' : hasJournal ? 'ext3' : 'ext2',
    uuid: uuidAt(block, 0x68),
    label: textAt(block, 0x78, { lengthBytes: 16 }),
    usedBytes: usedBlocks * KIB * 2 ** (block.readUInt32LE(0x18) & 0xf),
  };
}

function ntfs(head: Buffer): Format | undefined {
  if (!hasAt(head, 3, 'NTFS    ')) return undefined;
  return {
    kind: 'NTFS',
    uuid: Buffer.from(head.subarray(0x48, 0x50)).reverse().toString('hex').toUpperCase(),
  };
}

/** Everything is big endian (xfs_format.h, struct xfs_dsb). */
function xfs(head: Buffer): Format | undefined {
  if (!hasAt(head, 0, 'XFSB')) return undefined;
  const usedBlocks = head.readBigUInt64BE(8) - head.readBigUInt64BE(144);
  return {
    kind: 'XFS',
    uuid: uuidAt(head, 32),
    label: textAt(head, 108, { lengthBytes: 12 }),
    usedBytes: Number(usedBlocks) * head.readUInt32BE(4),
  };
}

/** linux/f2fs_fs.h, struct f2fs_super_block. */
function f2fs(head: Buffer): Format | undefined {
  if (!hasAt(head, KIB, [0x10, 0x20, 0xf5, 0xf2])) return undefined;
  return {
    kind: 'f2fs',
    uuid: uuidAt(head, KIB + 108),
    label: textAt(head, KIB + 124, { lengthBytes: 1024, encoding: 'utf16le' }),
  };
}

/** Volume descriptors of 2 KiB each, from 32 KiB on (ECMA-119 §8, ECMA-167 2/9): a disc may be both. */
function optical(head: Buffer): readonly Format[] {
  const at = 32 * KIB;
  const identifiers = Array.from({ length: 16 }, (_, descriptor) =>
    head.toString('latin1', at + descriptor * 2 * KIB + 1, at + descriptor * 2 * KIB + 6),
  );
  const label = textAt(head, at + 40, { lengthBytes: 32, encoding: 'latin1' });
  return [
    ...(identifiers[0] === 'CD001' ? [{ kind: 'ISO 9660' as const, label }] : []),
    ...(identifiers.some((text) => /^NSR0[23]$/.test(text)) ? [{ kind: 'UDF' as const }] : []),
  ];
}

/** The last ten bytes of the first page, however large a page is on the machine that made it (linux/swap.h). */
function swap(head: Buffer): Format | undefined {
  const page = [4, 8, 16, 32, 64].find(
    (kib) => hasAt(head, kib * KIB - 10, 'SWAPSPACE2') || hasAt(head, kib * KIB - 10, 'SWAP-SPACE'),
  );
  if (page === undefined) return undefined;
  return { kind: 'swap', uuid: uuidAt(head, KIB + 12), label: textAt(head, KIB + 28, { lengthBytes: 16 }) };
}
