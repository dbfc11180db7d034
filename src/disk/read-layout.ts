import { crc32 } from 'node:zlib';
import { fail, ok, type Result } from '#base';
import { activeFlagOf } from './encode.ts';
import { type Guid, guidOfBytes } from './guid.ts';
import {
  type ActiveFlag,
  type Layout,
  PARTITION_TYPES,
  type Partition,
  type PartitionRole,
  SECTOR_BYTES,
  TABLE_SECTORS,
} from './layout.ts';

/** Where sectors can be read from: an image, or a drive. */
export type Sectors = {
  readonly sizeSectors: number;
  read(startSector: number, count: number): Promise<Uint8Array>;
};

/** One of the two tables: what it says, or why it counts for nothing. */
export type TableState =
  | { readonly isGood: true; readonly startSector: number }
  | { readonly isGood: false; readonly why: string };

/** The partition tables of an image or drive. */
export type FoundLayout = {
  /** By the primary table, or by the backup where the primary is damaged. */
  readonly layout: Layout;
  readonly primary: TableState;
  readonly backup: TableState;
  /** Whether both are good and name the same disk and the same partitions. */
  readonly doAgree: boolean;
  /** Whether sector 0 guards the tables from programs that know none (UEFI spec §5.2.3). */
  readonly isProtected: boolean;
  /** Partitions of types that the program does not make. */
  readonly others: readonly Omit<Partition, 'role'>[];
};

const HEADER_BYTES = 92;
const ENTRY_BYTES = 128;
const ENTRY_COUNT = 128;

/** What one header and its table say. */
type Table = {
  readonly startSector: number;
  readonly otherSector: number;
  readonly firstUsableSector: number;
  readonly lastUsableSector: number;
  readonly diskGuid: Guid;
  readonly partitions: readonly Omit<Partition, 'role'>[];
};

/** Reads both partition tables, and says which of them are good. Problem: none is. */
export async function readLayout(sectors: Sectors): Promise<Result<FoundLayout>> {
  const lastSector = sectors.sizeSectors - 1;
  const primary = await readTable(sectors, 1);
  // A backup lies where the primary says; a table that was copied to a larger drive has its own in the midst of it.
  const backupSector = primary.ok ? primary.table.otherSector : lastSector;
  const backup = await readTable(sectors, Math.min(backupSector, lastSector));
  const table = primary.ok ? primary.table : backup.ok ? backup.table : undefined;
  if (table === undefined) {
    return fail({
      kind: 'partition-table-damaged',
      subject: 'GPT',
      message: 'There is no partition table that can be read, neither at the begin nor at the end',
      hint: 'Is it the right drive or image?',
      details: [primary, backup].flatMap((one) => (one.ok ? [] : [one.why])),
    });
  }
  const mbr = Buffer.from(await sectors.read(0, 1));
  return ok({
    layout: layoutOf(table, sectors.sizeSectors, activeFlagOf(mbr)),
    primary: stateOf(primary),
    backup: stateOf(backup),
    doAgree: primary.ok && backup.ok && saysTheSame(primary.table, backup.table),
    isProtected: isProtective(mbr),
    others: table.partitions.filter((partition) => roleOf(partition) === undefined),
  });
}

type Read = { readonly ok: true; readonly table: Table } | { readonly ok: false; readonly why: string };

async function readTable(sectors: Sectors, headerSector: number): Promise<Read> {
  const not = (why: string): Read => ({ ok: false, why: `Sector ${headerSector}: ${why}` });
  if (headerSector < 1 || headerSector >= sectors.sizeSectors) return not('lies outside');
  const header = Buffer.from(await sectors.read(headerSector, 1));
  if (header.toString('latin1', 0, 8) !== 'EFI PART') return not('no GPT header is there');
  if (header.readUInt32LE(12) !== HEADER_BYTES) return not('the header has another size');
  const unsigned = Buffer.from(header.subarray(0, HEADER_BYTES));
  unsigned.writeUInt32LE(0, 16);
  if (header.readUInt32LE(16) !== crc32(unsigned)) return not('the header does not match its checksum');
  if (Number(header.readBigUInt64LE(24)) !== headerSector) return not('the header belongs elsewhere');
  if (header.readUInt32LE(80) !== ENTRY_COUNT || header.readUInt32LE(84) !== ENTRY_BYTES) {
    return not('the table has another size');
  }
  const tableSector = Number(header.readBigUInt64LE(72));
  if (tableSector + TABLE_SECTORS > sectors.sizeSectors) return not('the table lies outside');
  const entries = Buffer.from(await sectors.read(tableSector, TABLE_SECTORS));
  if (header.readUInt32LE(88) !== crc32(entries)) return not('the table does not match its checksum');
  const table = decodeTable(header, entries, headerSector);
  const why = whyUnsound(table, sectors.sizeSectors);
  return why === undefined ? { ok: true, table } : not(why);
}

/** UEFI spec §5.3.2 and §5.3.3; see encode.ts. */
function decodeTable(header: Buffer, entries: Buffer, startSector: number): Table {
  const partitions = Array.from({ length: ENTRY_COUNT }, (_, at) => {
    const entry = entries.subarray(at * ENTRY_BYTES, (at + 1) * ENTRY_BYTES);
    const firstSector = Number(entry.readBigUInt64LE(32));
    return {
      number: at + 1,
      name: entry.toString('utf16le', 56).replace(/\0.*$/s, ''),
      typeGuid: guidOfBytes(entry.subarray(0, 16)),
      guid: guidOfBytes(entry.subarray(16, 32)),
      startSector: firstSector,
      sizeSectors: Number(entry.readBigUInt64LE(40)) - firstSector + 1,
      isUsed: entry.subarray(0, 16).some((byte) => byte !== 0),
    };
  });
  return {
    startSector,
    otherSector: Number(header.readBigUInt64LE(32)),
    firstUsableSector: Number(header.readBigUInt64LE(40)),
    lastUsableSector: Number(header.readBigUInt64LE(48)),
    diskGuid: guidOfBytes(header.subarray(56, 72)),
    partitions: partitions.filter(({ isUsed }) => isUsed).map(({ isUsed: _, ...partition }) => partition),
  };
}

function whyUnsound(table: Table, sizeSectors: number): string | undefined {
  const ordered = [...table.partitions].sort((a, b) => a.startSector - b.startSector);
  let free = table.firstUsableSector;
  for (const { number, startSector, sizeSectors: size } of ordered) {
    if (size < 1 || startSector < free) return `partition ${number} overlaps another, or the table`;
    free = startSector + size;
  }
  return free - 1 > table.lastUsableSector || table.lastUsableSector >= sizeSectors
    ? 'the partitions reach past the end'
    : undefined;
}

function stateOf(read: Read): TableState {
  return read.ok ? { isGood: true, startSector: read.table.startSector } : { isGood: false, why: read.why };
}

function saysTheSame(one: Table, two: Table): boolean {
  const text = ({ diskGuid, partitions }: Table) => JSON.stringify([diskGuid, partitions]);
  return text(one) === text(two);
}

function layoutOf(table: Table, sizeSectors: number, activeFlag: ActiveFlag): Layout {
  const { diskGuid, firstUsableSector, lastUsableSector } = table;
  const partitions = table.partitions.flatMap((partition) => {
    const role = roleOf(partition);
    return role === undefined ? [] : [{ ...partition, role }];
  });
  return { diskGuid, sizeSectors, firstUsableSector, lastUsableSector, activeFlag, partitions };
}

function roleOf({ typeGuid }: Pick<Partition, 'typeGuid'>): PartitionRole | undefined {
  const roles = Object.keys(PARTITION_TYPES) as PartitionRole[];
  return roles.find((role) => PARTITION_TYPES[role] === typeGuid);
}

const MBR_ENTRIES_OFFSET = 446;

function isProtective(mbr: Buffer): boolean {
  return mbr.readUInt16LE(SECTOR_BYTES - 2) === 0xaa55 && mbr.readUInt8(MBR_ENTRIES_OFFSET + 4) === 0xee;
}
