import type { BlockDevice } from './block-device.ts';
import { type Drive, lookAtDrive } from './drive.ts';
import { judgeDrive } from './judge-drive.ts';
import { readMachine } from './machine.ts';
import type { Refusal } from './refusal.ts';
import type { DriveWorld } from './world.ts';

/** A drive, and every reason why it may not be written. */
export type JudgedDrive = { readonly drive: Drive; readonly refusals: readonly Refusal[] };

/** Every whole disk of this machine; loop devices when they stand for something. */
export async function listDrives(world: DriveWorld): Promise<readonly JudgedDrive[]> {
  const machine = await readMachine(world);
  const disks = [...machine.devices.values()].filter(isListed);
  return Promise.all(
    disks.map(async (device) => {
      const drive = await lookAtDrive(device, machine);
      return { drive, refusals: judgeDrive({ device, disk: device, drive }, machine, {}) };
    }),
  );
}

function isListed({ name, partition, backingFile }: BlockDevice): boolean {
  if (partition !== undefined) return false;
  return backingFile !== undefined || !/^(?:loop|ram|nbd)\d/.test(name);
}
