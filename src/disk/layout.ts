import type { Digest } from '#base';
import { type Guid, guid, guidFrom } from './guid.ts';

/** Every size and place on a disk counts in these, also on drives whose own sectors are larger. */
export const SECTOR_BYTES = 512;

/** Partitions that hold a file system begin and end at whole MiB: every flash drive's blocks divide it. */
export const ALIGN_SECTORS = 2048;

/** The table and its header behind it; before it, the protective MBR comes first. UEFI spec §5.3.1. */
export const TABLE_SECTORS = 32;
const FIRST_USABLE_SECTOR = 2 + TABLE_SECTORS;

/** What a partition is for. */
export type PartitionRole = 'esp' | 'root' | 'bios-boot';

/** The type GUIDs: UEFI spec §5.3.3, the UAPI group's Discoverable Partitions, and GRUB's manual. */
export const PARTITION_TYPES: Readonly<Record<PartitionRole, Guid>> = {
  esp: guid('c12a7328-f81f-11d2-ba4b-00a0c93ec93b'),
  root: guid('4f68bce3-e8cd-4db1-96e7-fbcaf984b709'),
  'bios-boot': guid('21686148-6449-6e6f-744e-656564454649'),
};

/**
 * Which entry of the protective MBR carries the active flag. Some BIOSes boot from no disk without one, and some
 * UEFI firmwares take a disk for an old one when the flag is on the protective entry itself (UEFI spec §5.2.3
 * wants 0 there). `dummy` puts it on a second, empty entry of type 0, as the installers of Ubuntu and Debian do:
 * it suits both, and is the default.
 */
export type ActiveFlag = (typeof ACTIVE_FLAGS)[number];
export const ACTIVE_FLAGS = ['none', 'dummy', 'protective'] as const;

/** One partition, as data. */
export type Partition = {
  /** From 1, as in the table and in device names. */
  readonly number: number;
  readonly role: PartitionRole;
  /** Its name in the table, at most 36 characters. */
  readonly name: string;
  readonly typeGuid: Guid;
  /** What `PARTUUID=` names. */
  readonly guid: Guid;
  readonly startSector: number;
  readonly sizeSectors: number;
};

/** The partitions of an image or drive, as data. */
export type Layout = {
  readonly diskGuid: Guid;
  readonly sizeSectors: number;
  readonly firstUsableSector: number;
  readonly lastUsableSector: number;
  readonly activeFlag: ActiveFlag;
  /** By number. */
  readonly partitions: readonly Partition[];
};

/** What decides a layout. */
export type LayoutRequest = {
  readonly espSizeBytes: number;
  readonly rootSizeBytes: number;
  /** Every GUID follows from it. */
  readonly seed: Digest;
  readonly activeFlag?: ActiveFlag;
};

/**
 * Lays out an image: 1 is the ESP, at 1 MiB; 2 the root, behind it to the end; 3 the BIOS boot partition, in the
 * gap before the ESP, so that the numbers of the two that people meet stay the same whether or not it is there.
 */
export function layOut(request: LayoutRequest): Layout {
  const espSectors = alignUp(request.espSizeBytes / SECTOR_BYTES);
  const rootSectors = alignUp(request.rootSizeBytes / SECTOR_BYTES);
  const rootStart = ALIGN_SECTORS + espSectors;
  const sizeSectors = alignUp(rootStart + rootSectors + TABLE_SECTORS + 1);
  const place = (number: number, role: PartitionRole, startSector: number, sectors: number): Partition => ({
    number,
    role,
    name: role,
    typeGuid: PARTITION_TYPES[role],
    guid: guidFrom(request.seed, `partition-${role}`),
    startSector,
    sizeSectors: sectors,
  });
  return {
    diskGuid: guidFrom(request.seed, 'disk'),
    sizeSectors,
    firstUsableSector: FIRST_USABLE_SECTOR,
    lastUsableSector: lastUsable(sizeSectors),
    activeFlag: request.activeFlag ?? 'dummy',
    partitions: [
      place(1, 'esp', ALIGN_SECTORS, espSectors),
      place(2, 'root', rootStart, rootSectors),
      place(3, 'bios-boot', FIRST_USABLE_SECTOR, ALIGN_SECTORS - FIRST_USABLE_SECTOR),
    ],
  };
}

/** The same partitions on a drive that may be larger than the image: only the backup table moves to its end. */
export function layoutForDrive(layout: Layout, sizeSectors: number): Layout {
  if (sizeSectors < layout.sizeSectors)
    throw new RangeError(`A drive of ${sizeSectors} sectors is too small.`);
  return { ...layout, sizeSectors, lastUsableSector: lastUsable(sizeSectors) };
}

/** The backup table and its header take the end of a disk. */
function lastUsable(sizeSectors: number): number {
  return sizeSectors - TABLE_SECTORS - 2;
}

/** The partition of a layout with this role; every layout of `layOut` has all three. */
export function partitionOf(layout: Layout, role: PartitionRole): Partition {
  const found = layout.partitions.find((partition) => partition.role === role);
  if (found === undefined) throw new TypeError(`The layout has no partition ${role}.`);
  return found;
}

function alignUp(sectors: number): number {
  return Math.ceil(sectors / ALIGN_SECTORS) * ALIGN_SECTORS;
}
