import { encodeLayout, type Layout, SECTOR_BYTES } from '#disk';
import { endOf } from './join-ranges.ts';
import type { WritePlan } from './write-plan.ts';

/** The partition tables in the blocks that hold them, in the order in which they are written. */
export type DriveTables = {
  /** The backup at the drive's end. */
  readonly backup: Buffer;
  /** The primary, with sector 0 still empty: no firmware and no kernel takes a table without it. */
  readonly primary: Buffer;
  /** The first block once more, now with sector 0: from then on the drive boots. */
  readonly boot: Buffer;
};

/** What else lies in the blocks of the tables. */
export type TableSurroundings = {
  /** The first 440 bytes of sector 0. */
  readonly bootCode: Uint8Array;
  /** What the image has in the block that the table ends in: the BIOS boot partition begins there. */
  readonly behindTable: Buffer;
};

/** The bytes of a drive's tables. `layout` is that of the drive, at its own size. */
export function driveTables(
  layout: Layout,
  { head, tail }: Pick<WritePlan, 'head' | 'tail'>,
  { bootCode, behindTable }: TableSurroundings,
): DriveTables {
  const boot = Buffer.alloc(head.lengthBytes);
  boot.set(behindTable, endOf(head) - behindTable.length);
  const backup = Buffer.alloc(tail.lengthBytes);
  for (const { startSector, bytes } of encodeLayout(layout, bootCode)) {
    const offsetBytes = startSector * SECTOR_BYTES;
    const place = offsetBytes < endOf(head) ? { into: boot, at: head } : { into: backup, at: tail };
    place.into.set(bytes, offsetBytes - place.at.offsetBytes);
  }
  const primary = Buffer.from(boot);
  primary.fill(0, 0, SECTOR_BYTES);
  return { backup, primary, boot };
}
