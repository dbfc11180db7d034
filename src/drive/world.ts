import { realpath, stat } from 'node:fs/promises';
import { type HostPath, isErrno } from '#base';

/** A device's number as sysfs and mountinfo write it: `8:16`. */
export type DeviceNumber = string;

/** What lies at a path, links followed. */
export type Seen =
  | { readonly kind: 'missing' }
  /** Somewhere that we may not look. */
  | { readonly kind: 'hidden' }
  | { readonly kind: 'block-device'; readonly path: HostPath; readonly number: DeviceNumber }
  | {
      readonly kind: 'other';
      readonly path: HostPath;
      /** The device of the file system that it lies on. */
      readonly onDevice: DeviceNumber;
      readonly inode: string;
    };

/** Where the kernel tells of this machine's devices: of this one, or of one that a test made up. */
export type DriveWorld = {
  readonly sysFolder: HostPath;
  readonly devFolder: HostPath;
  readonly procFolder: HostPath;
  readonly look: (path: HostPath) => Promise<Seen>;
};

/** The machine that we run on. */
export const THIS_MACHINE: DriveWorld = {
  sysFolder: '/sys',
  devFolder: '/dev',
  procFolder: '/proc',
  look,
};

async function look(path: HostPath): Promise<Seen> {
  try {
    // The path first: that of an open descriptor leads to what is open, its text only to what bears that name.
    const seen = await stat(path, { bigint: true });
    const real = await realpath(path);
    if (seen.isBlockDevice()) return { kind: 'block-device', path: real, number: deviceNumber(seen.rdev) };
    return { kind: 'other', path: real, onDevice: deviceNumber(seen.dev), inode: String(seen.ino) };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].some((code) => isErrno(error, code))) return { kind: 'missing' };
    if (isErrno(error, 'EACCES') || isErrno(error, 'EPERM')) return { kind: 'hidden' };
    throw error;
  }
}

/** How the C library packs a device number: `gnu_dev_major` and `gnu_dev_minor` in glibc's sys/sysmacros.h. */
export function deviceNumber(packed: bigint): DeviceNumber {
  const major = ((packed >> 8n) & 0xfffn) | ((packed >> 32n) & 0xfffff000n);
  const minor = (packed & 0xffn) | ((packed >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}
