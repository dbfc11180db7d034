import type { Patch } from '../byte-reader.ts';
import { damaged } from '../damaged.ts';
import { groupStart, hasSuperblock } from './groups.ts';
import { hasRightChecksum, SUPERBLOCK_BYTES, SUPERBLOCK_OFFSET, withUuid } from './superblock.ts';
import type { Volume } from './volume.ts';

/** Every copy of the superblock, with another UUID. */
export async function renewed(volume: Volume, uuid: string): Promise<readonly Patch[]> {
  const { superblock, groups, reader } = volume;
  const patches: Patch[] = [];
  for (const group of groups.keys()) {
    if (!hasSuperblock(superblock, group)) continue;
    const offsetBytes =
      group === 0 ? SUPERBLOCK_OFFSET : groupStart(superblock, group) * superblock.blockBytes;
    const bytes = await reader.read(offsetBytes, SUPERBLOCK_BYTES);
    if (!hasRightChecksum(bytes)) {
      damaged(
        'ext4',
        `the copy of the superblock in group ${group} does not match its checksum`,
        offsetBytes,
      );
    }
    patches.push({ offsetBytes, bytes: withUuid(bytes, uuid) });
  }
  return patches;
}
