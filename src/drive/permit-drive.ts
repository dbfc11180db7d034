import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fail, type HostPath, isErrno, ok, type Problem, type Result } from '#base';
import { type Drive, lookAtDrive } from './drive.ts';
import { findDevices } from './find-devices.ts';
import { judgeDrive, type Named, type Wish } from './judge-drive.ts';
import { type Machine, readMachine } from './machine.ts';
import { readMounts } from './mounts.ts';
import type { Refusal } from './refusal.ts';
import type { DriveWorld, Seen } from './world.ts';

/** Proof that a drive may be written: only `permitDrive` makes one. */
export type WritableDrive = Drive & { readonly __brand: 'WritableDrive' };

/** Which drive is to be written with what. */
export type PermitRequest = {
  readonly path: HostPath;
  readonly imagePath: HostPath;
  /** What the image takes on a drive, unpacked. */
  readonly imageBytes: number;
  /** What somebody gave as the drive's serial. */
  readonly typedSerial?: string | undefined;
};

/** Permits a drive to be written, or says every reason why not. Asks nobody, writes nothing. */
export async function permitDrive(request: PermitRequest, world: DriveWorld): Promise<Result<WritableDrive>> {
  const seen = await world.look(request.path);
  if (seen.kind !== 'block-device') return fail(refusedPath(request.path, seen));
  const machine = await readMachine(world);
  const device = [...machine.devices.values()].find(({ number }) => number === seen.number);
  if (device === undefined) return fail(refusedPath(request.path, { kind: 'missing' }));
  const disk = machine.devices.get(device.diskName) ?? device;
  const drive = await lookAtDrive(disk, machine);
  const wish = { image: await lookAtImage(request, machine, world), typedSerial: request.typedSerial };
  const named = { device, disk, drive };
  const refusals = [...judgeDrive(named, machine, wish), ...(await judgeHolders(drive))];
  if (refusals.length > 0) return fail(refusedDrive(request.path, named, refusals));
  return ok({ ...drive, __brand: 'WritableDrive' });
}

async function lookAtImage(
  { imagePath, imageBytes }: PermitRequest,
  machine: Machine,
  world: DriveWorld,
): Promise<NonNullable<Wish['image']>> {
  const finder = findDevices(world, machine.devices, await readMounts(world));
  const image = await world.look(imagePath);
  const loopNames: string[] = [];
  for (const { name, backingFile, partition } of machine.devices.values()) {
    if (backingFile === undefined || partition !== undefined) continue;
    if (isSame(image, await world.look(backingFile))) loopNames.push(name);
  }
  const deviceNames = await finder.under(imagePath);
  return { path: imagePath, sizeBytes: imageBytes, deviceNames, loopNames };
}

function isSame(one: Seen, other: Seen): boolean {
  if (one.kind !== 'other' || other.kind !== 'other') return false;
  return one.path === other.path || (one.onDevice === other.onDevice && one.inode === other.inode);
}

/** Mounts, arrays and mappings hold a device so that nobody else can have it alone; somebody unseen may as well. */
async function judgeHolders(drive: Drive): Promise<readonly Refusal[]> {
  try {
    const file = await open(drive.path, constants.O_RDONLY | constants.O_EXCL);
    await file.close();
    return [];
  } catch (error) {
    if (isErrno(error, 'EBUSY')) {
      return [
        {
          kind: 'in-use',
          message: `${drive.name} is in use: the system does not give it to anybody alone`,
          hint: `Find out by whom: lsblk ${drive.path}; fuser --verbose ${drive.path}`,
        },
      ];
    }
    // Said by what could not be read of it.
    if (['EACCES', 'EPERM', 'ENOMEDIUM', 'EIO', 'ENXIO'].some((code) => isErrno(error, code))) return [];
    throw error;
  }
}

function refusedPath(path: HostPath, seen: Seen): Problem {
  const refusal: Refusal =
    seen.kind === 'other'
      ? {
          kind: 'not-a-block-device',
          message: `${seen.path} is not a drive, but a file or folder`,
          hint: 'Name a drive, such as /dev/sdb; blazeneuro drives lists them',
        }
      : seen.kind === 'hidden'
        ? { kind: 'unreadable', message: `You may not look at ${path}`, hint: 'Run the same command as root' }
        : {
            kind: 'missing',
            message: `There is no drive ${path}`,
            hint: 'Plug it in; blazeneuro drives lists what is there',
          };
  return refused(path, `${path} is not written`, [refusal]);
}

/** A link is shown as what it leads to: that is what would be written. */
function refusedDrive(path: HostPath, { device, drive }: Named, refusals: readonly Refusal[]): Problem {
  const words = [drive.vendor, drive.model].filter((word) => word !== undefined).join(' ');
  const link = path === device.path ? '' : `${path} is ${device.path}. `;
  const message = `${link}${device.path}${words === '' ? '' : ` (${words})`} is not written`;
  return refused(device.path, message, refusals);
}

function refused(subject: HostPath, message: string, refusals: readonly Refusal[]): Problem {
  return {
    kind: 'refused',
    subject,
    message,
    details: refusals.map((refusal) => `${refusal.kind}: ${refusal.message}`),
    hint: [...new Set(refusals.map(({ hint }) => hint))].join('\n'),
  };
}
