import type { BlockDevice } from './block-device.ts';
import { isBootPartition } from './drive.ts';
import type { Machine } from './machine.ts';
import type { Refusal } from './refusal.ts';

/** The only sectors that an image's table is made for. */
const SECTOR_BYTES = 512;

/** What helps when nothing else does. */
export const USE_ANOTHER = 'Use a USB stick or a memory card';

/** A partition is no place for an image, which has partitions of its own. */
export function judgePartition(device: BlockDevice): readonly Refusal[] {
  const { name, path, partition } = device;
  if (partition === undefined && !isBootPartition(name)) return [];
  const disk = partition === undefined ? name.replace(/(?<=^mmcblk\d+)\D.*$/, '') : device.diskName;
  const hint = `An image is written to a whole drive: ${path.slice(0, -name.length)}${disk}`;
  return [{ kind: 'partition', message: `${name} is a partition of ${disk}`, hint }];
}

/** Reasons that lie in what a device is. */
export function judgeNature(device: BlockDevice, machine: Machine): readonly Refusal[] {
  const { name, logicalSectorBytes, sizeBytes } = device;
  const refusals = [...judgeName(device, machine)];
  const isVirtual = refusals.some(({ kind }) => kind === 'virtual');
  if (sizeBytes === 0 && !isVirtual) {
    const hint = 'Put a card or stick in';
    refusals.push({ kind: 'no-medium', message: `There is no medium in ${name}`, hint });
  }
  if (sizeBytes > 0 && logicalSectorBytes !== SECTOR_BYTES) {
    refusals.push({
      kind: 'sector-size',
      message: `${name} has sectors of ${logicalSectorBytes} bytes; images are made for ${SECTOR_BYTES}`,
      hint: 'Use another drive: firmware would not find the partitions on this one',
    });
  }
  if (device.isReadOnly) {
    refusals.push({
      kind: 'read-only',
      message: `${name} is read-only`,
      hint: 'Move the switch on the side of the card, if it has one; a worn-out stick stays as it is',
    });
  }
  return refusals;
}

/** Kinds of devices that the kernel tells by name (Documentation/admin-guide/devices.txt). */
function judgeName({ name, diskName }: BlockDevice, machine: Machine): readonly Refusal[] {
  const hint = USE_ANOTHER;
  if (/^sr\d/.test(diskName)) return [{ kind: 'optical', message: `${name} is an optical drive`, hint }];
  if (/^fd\d/.test(diskName)) return [{ kind: 'floppy', message: `${name} is a floppy drive`, hint }];
  if (/^(?:z?ram|pmem)\d/.test(diskName)) {
    return [{ kind: 'virtual', message: `${name} is memory of this machine, not a drive`, hint }];
  }
  const device = machine.devices.get(diskName);
  const isLoop = device?.backingFile !== undefined;
  if (isLoop ? machine.fileLoops.has(diskName) : !/^(?:dm-|md|bcache|drbd|zd|rbd)\d/.test(diskName))
    return [];
  const lower = [...(machine.below.get(diskName) ?? [])].join(', ');
  const message = `${name} is no drive: it stands for ${lower === '' ? 'other devices' : lower}`;
  return [{ kind: 'virtual', message, hint }];
}
