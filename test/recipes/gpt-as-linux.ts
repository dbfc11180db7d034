import { crc32 } from 'node:zlib';
import { SECTOR_BYTES } from '#disk';

/** Where a partition lies: its first and last sector. */
export type Extent = { readonly first: number; readonly last: number };

const ENTRY_BYTES = 128;
const HEADER_BYTES = 92;

/**
 * The extent of a partition as Linux finds it with `gpt` on its command line: by the primary where it is valid, else by
 * the backup in the last sector. block/partitions/efi.c, find_valid_gpt.
 */
export function partitionAsLinux(drive: Buffer, number: number): Extent | undefined {
  const lastSector = drive.length / SECTOR_BYTES - 1;
  const entries = entriesIfValid(drive, 1) ?? entriesIfValid(drive, lastSector);
  if (entries === undefined) return undefined;
  const entry = entries.subarray((number - 1) * ENTRY_BYTES, number * ENTRY_BYTES);
  return { first: Number(entry.readBigUInt64LE(32)), last: Number(entry.readBigUInt64LE(40)) };
}

/** block/partitions/efi.c, is_gpt_valid. */
function entriesIfValid(drive: Buffer, sector: number): Buffer | undefined {
  const lastSector = BigInt(drive.length / SECTOR_BYTES - 1);
  const header = Buffer.from(drive.subarray(sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES));
  if (header.toString('latin1', 0, 8) !== 'EFI PART') return undefined;
  const headerBytes = header.readUInt32LE(12);
  if (headerBytes > SECTOR_BYTES || headerBytes < HEADER_BYTES) return undefined;
  const ownCrc = header.readUInt32LE(16);
  header.writeUInt32LE(0, 16);
  if (crc32(header.subarray(0, headerBytes)) !== ownCrc) return undefined;
  if (header.readBigUInt64LE(24) !== BigInt(sector)) return undefined;
  const firstUsable = header.readBigUInt64LE(40);
  const lastUsable = header.readBigUInt64LE(48);
  if (firstUsable > lastSector || lastUsable > lastSector || lastUsable < firstUsable) return undefined;
  if (header.readUInt32LE(84) !== ENTRY_BYTES) return undefined;
  const start = Number(header.readBigUInt64LE(72)) * SECTOR_BYTES;
  const entries = drive.subarray(start, start + header.readUInt32LE(80) * ENTRY_BYTES);
  return crc32(entries) === header.readUInt32LE(88) ? entries : undefined;
}
