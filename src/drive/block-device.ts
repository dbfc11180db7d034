import { join } from 'node:path';
import type { HostPath } from '#base';
import { type Identity, readIdentity } from './identity.ts';
import { listFolder, readAttribute, readNumber } from './read-attribute.ts';
import type { DeviceNumber, DriveWorld } from './world.ts';

/** `size` and `start` count in these, whatever the sectors of the drive are (Documentation/ABI/stable/sysfs-block). */
const SYSFS_SECTOR_BYTES = 512;

/** A block device as the kernel tells of it: a whole disk, a partition, or something built on others. */
export type BlockDevice = {
  /** The kernel's name: `sdb`, `sdb1`, `dm-0`. */
  readonly name: string;
  readonly path: HostPath;
  readonly number: DeviceNumber;
  readonly sizeBytes: number;
  readonly logicalSectorBytes: number;
  readonly isReadOnly: boolean;
  /** What the device says of itself: its medium can be taken out. */
  readonly isRemovable: boolean;
  /** Grows with every device and every change of a medium; absent before Linux 5.15. */
  readonly diskSequence: string | undefined;
  /** The whole disk of a partition; its own name for anything else. */
  readonly diskName: string;
  readonly partition: { readonly number: number; readonly startBytes: number } | undefined;
  readonly holders: readonly string[];
  readonly slaves: readonly string[];
  /** What a loop device stands for. */
  readonly backingFile: HostPath | undefined;
  /** Whose mapping it is: the `uuid` of device mapper, such as `CRYPT-LUKS2-…` or `LVM-…`. */
  readonly mapping: string | undefined;
  readonly identity: Identity;
};

/** Every block device, partitions too, in the order of their names. */
export async function readBlockDevices(world: DriveWorld): Promise<readonly BlockDevice[]> {
  const found: BlockDevice[] = [];
  for (const name of await listFolder(join(world.sysFolder, 'block'))) {
    const disk = await readDisk(name, world);
    if (disk === undefined) continue;
    found.push(disk, ...(await readPartitions(disk, world)));
  }
  return found;
}

/** The disk of this name; undefined when it has just gone, or has no node that could be opened. */
export async function readDisk(name: string, world: DriveWorld): Promise<BlockDevice | undefined> {
  const folder = join(world.sysFolder, 'block', name);
  // One path of a multipath NVMe: the device that stands for all of them is listed by itself.
  if ((await readAttribute(join(folder, 'hidden'))) === '1') return undefined;
  const common = await readCommon(folder, name, world);
  if (common === undefined) return undefined;
  const backingFile = await readAttribute(join(folder, 'loop/backing_file'));
  return {
    ...common,
    logicalSectorBytes: (await readNumber(join(folder, 'queue/logical_block_size'))) ?? 0,
    isRemovable: (await readAttribute(join(folder, 'removable'))) === '1',
    diskSequence: await readAttribute(join(folder, 'diskseq')),
    diskName: name,
    partition: undefined,
    backingFile,
    mapping: await readAttribute(join(folder, 'dm/uuid')),
    identity: await readIdentity(name, backingFile, world),
  };
}

async function readPartitions(disk: BlockDevice, world: DriveWorld): Promise<readonly BlockDevice[]> {
  const folder = join(world.sysFolder, 'block', disk.name);
  const found: BlockDevice[] = [];
  for (const name of await listFolder(folder)) {
    const number = await readNumber(join(folder, name, 'partition'));
    if (number === undefined) continue;
    const common = await readCommon(join(folder, name), name, world);
    if (common === undefined) continue;
    const startBytes = ((await readNumber(join(folder, name, 'start'))) ?? 0) * SYSFS_SECTOR_BYTES;
    found.push({ ...disk, ...common, partition: { number, startBytes } });
  }
  return found.sort((one, other) => (one.partition?.number ?? 0) - (other.partition?.number ?? 0));
}

type Common = Pick<
  BlockDevice,
  'name' | 'path' | 'number' | 'sizeBytes' | 'isReadOnly' | 'holders' | 'slaves'
>;

async function readCommon(folder: HostPath, name: string, world: DriveWorld): Promise<Common | undefined> {
  const number = await readAttribute(join(folder, 'dev'));
  const sectors = await readNumber(join(folder, 'size'));
  if (number === undefined || sectors === undefined) return undefined;
  return {
    name,
    // A name with a folder in it (`cciss/c0d0`) has no slash in sysfs.
    path: join(world.devFolder, name.replaceAll('!', '/')),
    number,
    sizeBytes: sectors * SYSFS_SECTOR_BYTES,
    isReadOnly: (await readAttribute(join(folder, 'ro'))) === '1',
    holders: await listFolder(join(folder, 'holders')),
    slaves: await listFolder(join(folder, 'slaves')),
  };
}
