import { crc32 } from 'node:zlib';
import { guidBytes } from './guid.ts';
import { type ActiveFlag, type Layout, type Partition, SECTOR_BYTES, TABLE_SECTORS } from './layout.ts';

const ENTRY_BYTES = 128;
const ENTRY_COUNT = 128;
const HEADER_BYTES = 92;
const NAME_OFFSET = 56;
const NAME_BYTES = 72;

/** Where boot code ends in sector 0 and the MBR's own fields begin. */
export const BOOT_CODE_BYTES = 440;
const MBR_ENTRIES_OFFSET = 446;
const MBR_SIGNATURE_OFFSET = 510;

/** Bytes and the sector they begin at. */
export type Placed = { readonly startSector: number; readonly bytes: Uint8Array };

/** A layout as bytes: protective MBR (with boot code, if given), primary GPT, and the backup at the end. */
export function encodeLayout(layout: Layout, bootCode?: Uint8Array): readonly Placed[] {
  const table = encodeTable(layout.partitions);
  const lastSector = layout.sizeSectors - 1;
  const backupTableSector = lastSector - TABLE_SECTORS;
  return [
    { startSector: 0, bytes: encodeMbr(layout, bootCode) },
    { startSector: 1, bytes: encodeHeader(layout, table, { own: 1, other: lastSector, table: 2 }) },
    { startSector: 2, bytes: table },
    { startSector: backupTableSector, bytes: table },
    {
      startSector: lastSector,
      bytes: encodeHeader(layout, table, { own: lastSector, other: 1, table: backupTableSector }),
    },
  ];
}

/** Sector 0. UEFI spec §5.2.3. */
export function encodeMbr(layout: Layout, bootCode: Uint8Array = new Uint8Array()): Buffer {
  if (bootCode.length > BOOT_CODE_BYTES) throw new RangeError(`Boot code of ${bootCode.length} bytes`);
  const sector = Buffer.alloc(SECTOR_BYTES);
  sector.set(bootCode);
  const protectedSectors = Math.min(layout.sizeSectors - 1, 0xffffffff);
  const active = layout.activeFlag === 'protective' ? 0x80 : 0;
  // 0x000200 is sector 1 as cylinder, head, sector; 0xFFFFFF says that the end cannot be said that way.
  sector.set([active, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff], MBR_ENTRIES_OFFSET);
  sector.writeUInt32LE(1, MBR_ENTRIES_OFFSET + 8);
  sector.writeUInt32LE(protectedSectors, MBR_ENTRIES_OFFSET + 12);
  if (layout.activeFlag === 'dummy') {
    const dummy = MBR_ENTRIES_OFFSET + 16;
    // Type 0 is "no partition" to all who read the table; some BIOSes want a size with the flag, though.
    sector.set([0x80, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x00], dummy);
    sector.writeUInt32LE(0, dummy + 8);
    sector.writeUInt32LE(1, dummy + 12);
  }
  sector.writeUInt16LE(0xaa55, MBR_SIGNATURE_OFFSET);
  return sector;
}

/** Which entry of a sector 0 carries the active flag, for who writes a table anew and keeps what the image chose. */
export function activeFlagOf(sector: Uint8Array): ActiveFlag {
  if (sector[MBR_ENTRIES_OFFSET] === 0x80) return 'protective';
  return sector[MBR_ENTRIES_OFFSET + 16] === 0x80 ? 'dummy' : 'none';
}

type HeaderPlaces = { readonly own: number; readonly other: number; readonly table: number };

/** One GPT header. UEFI spec §5.3.2; its own CRC is computed with the field at zero. */
function encodeHeader(layout: Layout, table: Buffer, places: HeaderPlaces): Buffer {
  const sector = Buffer.alloc(SECTOR_BYTES);
  sector.write('EFI PART', 0, 'ascii');
  sector.writeUInt32LE(0x00010000, 8);
  sector.writeUInt32LE(HEADER_BYTES, 12);
  sector.writeBigUInt64LE(BigInt(places.own), 24);
  sector.writeBigUInt64LE(BigInt(places.other), 32);
  sector.writeBigUInt64LE(BigInt(layout.firstUsableSector), 40);
  sector.writeBigUInt64LE(BigInt(layout.lastUsableSector), 48);
  sector.set(guidBytes(layout.diskGuid), 56);
  sector.writeBigUInt64LE(BigInt(places.table), 72);
  sector.writeUInt32LE(ENTRY_COUNT, 80);
  sector.writeUInt32LE(ENTRY_BYTES, 84);
  sector.writeUInt32LE(crc32(table), 88);
  sector.writeUInt32LE(crc32(sector.subarray(0, HEADER_BYTES)), 16);
  return sector;
}

function encodeTable(partitions: readonly Partition[]): Buffer {
  const table = Buffer.alloc(ENTRY_COUNT * ENTRY_BYTES);
  for (const partition of partitions) {
    table.set(encodeEntry(partition), (partition.number - 1) * ENTRY_BYTES);
  }
  return table;
}

/** One partition of the table. UEFI spec §5.3.3. */
function encodeEntry(partition: Partition): Buffer {
  const name = Buffer.from(partition.name, 'utf16le');
  if (name.length > NAME_BYTES) throw new RangeError(`The partition name ${partition.name} is too long.`);
  const entry = Buffer.alloc(ENTRY_BYTES);
  entry.set(guidBytes(partition.typeGuid), 0);
  entry.set(guidBytes(partition.guid), 16);
  entry.writeBigUInt64LE(BigInt(partition.startSector), 32);
  entry.writeBigUInt64LE(BigInt(partition.startSector + partition.sizeSectors - 1), 40);
  entry.set(name, NAME_OFFSET);
  return entry;
}
