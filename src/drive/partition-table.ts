import { type Ends, hasAt, textAt } from './format.ts';

const SECTOR_BYTES = 512;

/** One partition as a table has it. */
export type TableEntry = {
  readonly number: number;
  readonly startBytes: number;
  readonly sizeBytes: number;
  /** Its name in a GPT. */
  readonly title: string | undefined;
};

/** A table, and which kind it is. */
export type PartitionTable = { readonly kind: 'gpt' | 'mbr'; readonly entries: readonly TableEntry[] };

/** A place in an MBR; an extended partition holds further ones. */
export type MbrEntry = {
  readonly type: number;
  readonly startSector: number;
  readonly sizeSectors: number;
};

/** The GPT at the beginning, or else its backup at the end (UEFI spec §5.3). */
export function readGpt({ head, tail, sizeBytes }: Ends): PartitionTable | undefined {
  return (
    gptAt(head, SECTOR_BYTES, 0) ??
    gptAt(tail, tail.length - SECTOR_BYTES, Math.floor((sizeBytes - tail.length) / SECTOR_BYTES))
  );
}

/** The table whose header is at a place of a buffer that begins at a sector of the drive. */
function gptAt(bytes: Buffer, header: number, firstSector: number): PartitionTable | undefined {
  if (!hasAt(bytes, header, 'EFI PART')) return undefined;
  const table = (Number(bytes.readBigUInt64LE(header + 72)) - firstSector) * SECTOR_BYTES;
  const entryBytes = bytes.readUInt32LE(header + 84);
  const entries: TableEntry[] = [];
  for (let number = 1; number <= bytes.readUInt32LE(header + 80); number += 1) {
    const at = table + (number - 1) * entryBytes;
    // A table that lies elsewhere than in the bytes that were read is read as far as it goes.
    if (entryBytes < 128 || at < 0 || at + 128 > bytes.length) break;
    if (bytes.subarray(at, at + 16).every((byte) => byte === 0)) continue;
    const startSector = Number(bytes.readBigUInt64LE(at + 32));
    entries.push({
      number,
      startBytes: startSector * SECTOR_BYTES,
      sizeBytes: (Number(bytes.readBigUInt64LE(at + 40)) - startSector + 1) * SECTOR_BYTES,
      title: textAt(bytes, at + 56, { lengthBytes: 72, encoding: 'utf16le' }),
    });
  }
  return { kind: 'gpt', entries };
}

/** The four entries of a sector that ends as an MBR does; undefined when it is none. */
export function readMbr(sector: Buffer): readonly MbrEntry[] | undefined {
  if (!hasAt(sector, 510, [0x55, 0xaa])) return undefined;
  const places = [446, 462, 478, 494];
  // A boot sector of a file system ends in the same way, but has code here.
  if (!places.every((at) => [0x00, 0x80].includes(sector.readUInt8(at)))) return undefined;
  return places.map((at) => ({
    type: sector.readUInt8(at + 4),
    startSector: sector.readUInt32LE(at + 8),
    sizeSectors: sector.readUInt32LE(at + 12),
  }));
}

/** Extended partitions, as DOS, Windows 95 and old Linux mark them. */
export function isExtended({ type }: MbrEntry): boolean {
  return [0x05, 0x0f, 0x85].includes(type);
}

/** An entry of an MBR as a partition. */
export function tableEntry(number: number, entry: MbrEntry, baseSector = 0): TableEntry {
  return {
    number,
    startBytes: (baseSector + entry.startSector) * SECTOR_BYTES,
    sizeBytes: entry.sizeSectors * SECTOR_BYTES,
    title: undefined,
  };
}
