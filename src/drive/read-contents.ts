import { type FileHandle, open } from 'node:fs/promises';
import { isErrno } from '#base';
import type { BlockDevice } from './block-device.ts';
import { fileSystemFormats } from './file-system-formats.ts';
import { type Ends, type Format, HEAD_BYTES, TAIL_BYTES } from './format.ts';
import { memberFormats } from './member-formats.ts';
import {
  isExtended,
  type PartitionTable,
  readGpt,
  readMbr,
  type TableEntry,
  tableEntry,
} from './partition-table.ts';

/** What is on a drive, as its bytes and the kernel tell. */
export type Contents = {
  readonly table: PartitionTable['kind'] | undefined;
  /** What stands on the drive as a whole, without a partition. */
  readonly whole: readonly Format[];
  readonly partitions: readonly PartitionContents[];
};

/** A partition, and what is in it. */
export type PartitionContents = TableEntry & {
  readonly name: string;
  readonly formats: readonly Format[];
};

/** Why it is not known what is on a drive: the code of the system's error. */
export type Unreadable = { readonly errorCode: string };

/** What a drive answers that may not be read, is broken, or has gone. */
const UNREADABLE = [
  'EACCES',
  'EPERM',
  'EIO',
  'EREMOTEIO',
  'ENODATA',
  'ENOMEDIUM',
  'ENXIO',
  'ENODEV',
  'ENOENT',
];

type Read = (offsetBytes: number, lengthBytes: number) => Promise<Buffer>;

/** Reads the ends of a drive and of each of its partitions; also of those that the kernel has not looked at. */
export async function readContents(
  device: BlockDevice,
  partitions: readonly BlockDevice[],
): Promise<Contents | Unreadable> {
  let file: FileHandle | undefined;
  try {
    file = await open(device.path, 'r');
    return await contentsOf(device, partitions, readerOf(file));
  } catch (error) {
    const code = UNREADABLE.find((expected) => isErrno(error, expected));
    if (code === undefined) throw error;
    return { errorCode: code };
  } finally {
    await file?.close();
  }
}

async function contentsOf(
  device: BlockDevice,
  partitions: readonly BlockDevice[],
  read: Read,
): Promise<Contents> {
  const ends = await readEnds(read, 0, device.sizeBytes);
  const table = readGpt(ends) ?? (await readMbrTable(ends, read, device.sizeBytes));
  const entries = new Map(
    (table?.entries ?? []).map((entry) => [`${entry.startBytes}+${entry.sizeBytes}`, entry]),
  );
  for (const { partition, sizeBytes } of partitions) {
    if (partition === undefined) continue;
    const place = `${partition.startBytes}+${sizeBytes}`;
    // Linux shows the link to the logical partitions as two sectors, and not the extended partition itself.
    if (!entries.has(place)) entries.set(place, { ...partition, sizeBytes, title: undefined });
  }
  const found: PartitionContents[] = [];
  for (const entry of entries.values()) {
    const sizeBytes = Math.min(entry.sizeBytes, device.sizeBytes - entry.startBytes);
    // A table may have been made for a larger drive.
    if (sizeBytes <= 0) continue;
    const formats = formatsIn(await readEnds(read, entry.startBytes, sizeBytes));
    found.push({ ...entry, name: partitionName(device.name, entry.number), formats });
  }
  return {
    table: table?.kind,
    whole: formatsIn(ends),
    partitions: found.sort((one, other) => one.number - other.number),
  };
}

function formatsIn(ends: Ends): readonly Format[] {
  return [...fileSystemFormats(ends), ...memberFormats(ends)];
}

async function readMbrTable(ends: Ends, read: Read, sizeBytes: number): Promise<PartitionTable | undefined> {
  const primary = readMbr(ends.head);
  if (primary === undefined) return undefined;
  const entries = primary.flatMap((entry, index) =>
    entry.sizeSectors === 0 || isExtended(entry) ? [] : [tableEntry(index + 1, entry)],
  );
  const extended = primary.find((entry) => entry.sizeSectors > 0 && isExtended(entry));
  if (extended !== undefined) {
    entries.push(...(await readLogical(read, extended.startSector, sizeBytes)));
  }
  return entries.length === 0 ? undefined : { kind: 'mbr', entries };
}

/** Logical partitions are a chain of sectors like the MBR; one that bites its tail ends after so many links. */
const MOST_LOGICAL = 128;

async function readLogical(read: Read, extendedSector: number, sizeBytes: number): Promise<TableEntry[]> {
  const found: TableEntry[] = [];
  let sector = extendedSector;
  for (let number = 5; number < 5 + MOST_LOGICAL; number += 1) {
    if ((sector + 1) * 512 > sizeBytes) break;
    const [entry, link] = readMbr(await read(sector * 512, 512)) ?? [];
    if (entry === undefined || link === undefined) break;
    if (entry.sizeSectors > 0) found.push(tableEntry(number, entry, sector));
    if (link.sizeSectors === 0) break;
    sector = extendedSector + link.startSector;
  }
  return found;
}

/** A buffer shorter than this would not hold every fixed field that is looked at. */
async function readEnds(read: Read, startBytes: number, sizeBytes: number): Promise<Ends> {
  const head = await read(startBytes, Math.min(HEAD_BYTES, sizeBytes));
  const tailBytes = Math.min(TAIL_BYTES, sizeBytes);
  const tail = await read(startBytes + sizeBytes - tailBytes, tailBytes);
  const padded = Buffer.alloc(HEAD_BYTES);
  head.copy(padded);
  return { head: padded, tail, sizeBytes };
}

function readerOf(file: FileHandle): Read {
  return async (offsetBytes, lengthBytes) => {
    const bytes = Buffer.alloc(lengthBytes);
    for (let done = 0; done < lengthBytes; ) {
      const { bytesRead } = await file.read(bytes, done, lengthBytes - done, offsetBytes + done);
      // A drive that lies about its size: what is not there reads as zeros.
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes;
  };
}

/** `sdb1`, but `mmcblk0p1`: a digit keeps the two numbers apart. */
function partitionName(disk: string, number: number): string {
  return /\d$/.test(disk) ? `${disk}p${number}` : `${disk}${number}`;
}
