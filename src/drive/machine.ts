import { join } from 'node:path';
import type { HostPath } from '#base';
import { type BlockDevice, readBlockDevices } from './block-device.ts';
import { findDevices } from './find-devices.ts';
import { type Mount, readMounts, readSwaps } from './mounts.ts';
import { listFolder } from './read-attribute.ts';
import type { DriveWorld } from './world.ts';

/** The block devices of a machine, what lies on what, and what they are in use for. */
export type Machine = {
  /** By the kernel's name, partitions too. */
  readonly devices: ReadonlyMap<string, BlockDevice>;
  /** For each device those that it lies on directly: its disk, its slaves, what a loop stands for. */
  readonly below: ReadonlyMap<string, ReadonlySet<string>>;
  /** Loop devices that stand for a file, and not for another device. */
  readonly fileLoops: ReadonlySet<string>;
  readonly uses: readonly Use[];
};

/** Something that a device is in use for at this moment. */
export type Use = { readonly deviceName: string } & (
  | { readonly kind: 'mount'; readonly mount: Mount }
  | { readonly kind: 'swap'; readonly path: HostPath }
  | { readonly kind: 'btrfs' }
);

/** Looks at the whole machine once. */
export async function readMachine(world: DriveWorld): Promise<Machine> {
  const devices = new Map((await readBlockDevices(world)).map((device) => [device.name, device]));
  const mounts = await readMounts(world);
  const finder = findDevices(world, devices, mounts);
  const below = new Map<string, Set<string>>([...devices.keys()].map((name) => [name, new Set()]));
  const fileLoops = new Set<string>();
  for (const device of devices.values()) {
    if (device.partition !== undefined) below.get(device.name)?.add(device.diskName);
    for (const slave of device.slaves) below.get(device.name)?.add(slave);
    for (const holder of device.holders) below.get(holder)?.add(device.name);
    if (device.backingFile === undefined) continue;
    if (await isFile(device.backingFile, world)) fileLoops.add(device.name);
    for (const name of await finder.under(device.backingFile)) below.get(device.name)?.add(name);
  }
  return { devices, below, fileLoops, uses: await readUses(world, mounts, finder) };
}

/** What has gone from /dev, or was never there for us, is taken for a device. */
async function isFile(path: HostPath, world: DriveWorld): Promise<boolean> {
  const seen = await world.look(path);
  return seen.kind === 'other' || (seen.kind !== 'block-device' && !path.startsWith('/dev/'));
}

async function readUses(
  world: DriveWorld,
  mounts: readonly Mount[],
  finder: ReturnType<typeof findDevices>,
): Promise<readonly Use[]> {
  const uses: Use[] = [];
  for (const mount of mounts) {
    for (const deviceName of await finder.ofMount(mount)) uses.push({ kind: 'mount', deviceName, mount });
  }
  for (const path of await readSwaps(world)) {
    for (const deviceName of await finder.under(path)) uses.push({ kind: 'swap', deviceName, path });
  }
  // Of a btrfs on several devices, mountinfo names one.
  const btrfs = join(world.sysFolder, 'fs/btrfs');
  for (const id of await listFolder(btrfs)) {
    for (const deviceName of await listFolder(join(btrfs, id, 'devices'))) {
      uses.push({ kind: 'btrfs', deviceName });
    }
  }
  return uses;
}

/** A device, and everything that lies on it: partitions, arrays, volumes, loop devices, however many layers up. */
export function devicesOn(name: string, { below }: Machine): ReadonlySet<string> {
  const found = new Set([name]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const [device, lower] of below) {
      if ([...lower].some((one) => found.has(one))) found.add(device);
    }
  }
  return found;
}
