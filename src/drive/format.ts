import { plainText } from '#base';

/** What the bytes of a drive or partition say that they are. */
export type FormatKind = FileSystemKind | MemberKind | 'swap';

/** A file system that stands for itself. */
export type FileSystemKind =
  | 'ext2'
  | 'ext3'
  | 'ext4'
  | 'FAT12'
  | 'FAT16'
  | 'FAT32'
  | 'exFAT'
  | 'NTFS'
  | 'XFS'
  | 'f2fs'
  | 'ISO 9660'
  | 'UDF'
  | 'squashfs'
  | 'HFS+'
  | 'APFS';

/** What may be a piece of something larger, or the lid of something hidden. */
export type MemberKind =
  | 'btrfs'
  | 'ZFS'
  | 'bcache'
  | 'bcachefs'
  | 'LUKS'
  | 'BitLocker'
  | 'LVM'
  | 'Linux RAID'
  | 'firmware RAID'
  | 'Stratis'
  | 'VDO'
  | 'Windows dynamic disk';

/** One thing that was found in the bytes of a drive or partition. */
export type Format = {
  readonly kind: FormatKind;
  readonly label?: string | undefined;
  readonly uuid?: string | undefined;
  /** How much of it is in use, where its first blocks tell; what they tell may be nonsense. */
  readonly usedBytes?: number | undefined;
};

/** The first and the last bytes of a drive or partition: all that formats are looked for in. */
export type Ends = { readonly head: Buffer; readonly tail: Buffer; readonly sizeBytes: number };

/** Far enough for what is looked for: ZFS's first label and the spare LUKS headers lie within. */
export const HEAD_BYTES = 512 * 1024;
/** Holds the backup GPT, the RAID superblocks at the end, and ZFS's last two labels. */
export const TAIL_BYTES = 1024 * 1024;

/** Whether these bytes stand at a place of a buffer; false where it is too short. */
export function hasAt(bytes: Buffer, offset: number, wanted: string | readonly number[]): boolean {
  const expected = typeof wanted === 'string' ? Buffer.from(wanted, 'latin1') : Buffer.from(wanted);
  return offset >= 0 && bytes.subarray(offset, offset + expected.length).equals(expected);
}

/** 16 bytes as a UUID; undefined when they are all zero. */
export function uuidAt(bytes: Buffer, offset: number): string | undefined {
  const digits = bytes.subarray(offset, offset + 16).toString('hex');
  if (digits.length < 32 || /^0+$/.test(digits)) return undefined;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/**
 * Text that ends at a zero or with its field; undefined when there is none. Labels are text of strangers: what would
 * move the cursor is spelt out, and what would not be seen, or turn the line round, is left away.
 */
export function textAt(
  bytes: Buffer,
  offset: number,
  field: { readonly lengthBytes: number; readonly encoding?: BufferEncoding },
): string | undefined {
  const text = bytes.toString(field.encoding ?? 'utf8', offset, offset + field.lengthBytes);
  const words = plainText((text.split('\0')[0] ?? '').replaceAll(/\p{Cf}/gu, '').trim());
  return words === '' ? undefined : words;
}
