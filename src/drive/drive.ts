import type { HostPath } from '#base';
import type { BlockDevice } from './block-device.ts';
import type { Bus } from './identity.ts';
import { devicesOn, type Machine } from './machine.ts';
import { type Contents, readContents, type Unreadable } from './read-contents.ts';
import type { DeviceNumber } from './world.ts';

/** A drive as it was looked at: what it is, and what is on it. */
export type Drive = {
  /** The kernel's name: `sdb`. */
  readonly name: string;
  /** Its node, no link: `/dev/sdb`. */
  readonly path: HostPath;
  readonly sizeBytes: number;
  readonly logicalSectorBytes: number;
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  /** Of a loop device, the path of its file. */
  readonly serial: string | undefined;
  /** Other drives with the same serial: the slots of a card reader, or the work of a careless maker. */
  readonly twins: readonly string[];
  /** Grows with every device and every change of a medium; absent before Linux 5.15. */
  readonly diskSequence: string | undefined;
  readonly majorMinor: DeviceNumber;
  readonly bus: Bus;
  /** It, or its medium, is made to be taken out. */
  readonly isRemovable: boolean;
  readonly isReadOnly: boolean;
  /** Absent where nothing was looked for: a partition, an empty slot, a disc. */
  readonly contents: Contents | Unreadable | undefined;
};

/** Looks at what is on a device, and puts together what is known of it. */
export async function lookAtDrive(device: BlockDevice, machine: Machine): Promise<Drive> {
  const { identity } = device;
  return {
    name: device.name,
    path: device.path,
    sizeBytes: device.sizeBytes,
    logicalSectorBytes: device.logicalSectorBytes,
    vendor: identity.vendor,
    model: identity.model,
    serial: identity.serial,
    twins: twinsOf(device, machine),
    diskSequence: device.diskSequence,
    majorMinor: device.number,
    bus: identity.bus,
    isRemovable: device.isRemovable || identity.isCard,
    isReadOnly: device.isReadOnly,
    contents: isWorthReading(device) ? await readContents(device, partitionsOf(device, machine)) : undefined,
  };
}

/** Discs and floppies are slow to read, and are refused anyhow; so is what only stands for other devices. */
function isWorthReading({ name, sizeBytes, partition }: BlockDevice): boolean {
  return sizeBytes > 0 && partition === undefined && !/^(?:sr|fd|ram|zram|dm-|md)\d/.test(name);
}

function partitionsOf({ name }: BlockDevice, { devices }: Machine): readonly BlockDevice[] {
  return [...devices.values()].filter((one) => one.partition !== undefined && one.diskName === name);
}

function twinsOf(device: BlockDevice, machine: Machine): readonly string[] {
  const { serial } = device.identity;
  if (serial === undefined) return [];
  const own = devicesOn(device.diskName, machine);
  return [...machine.devices.values()]
    .filter((other) => other.partition === undefined && other.sizeBytes > 0 && !own.has(other.name))
    .filter((other) => other.identity.serial === serial && !isBootPartition(other.name))
    .map(({ name }) => name);
}

/** The serial when it tells the drive from all others. */
export function tellingSerial({ serial, twins }: Pick<Drive, 'serial' | 'twins'>): string | undefined {
  return twins.length === 0 ? serial : undefined;
}

/** The small areas of an eMMC that firmware starts from: devices of their own, with the serial of the whole. */
export function isBootPartition(name: string): boolean {
  return /^mmcblk\d+(?:boot\d+|rpmb|gp\d+)$/.test(name);
}
