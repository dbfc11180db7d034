import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatBytes, type HostPath, isErrno } from '#base';
import type { Finding } from './finding.ts';

/** What a build of everything takes at its peak: store, work folders and image. */
export const NEEDED_BYTES = 12 * 1024 ** 3;

/** Free space where the store lies, or will lie. */
export async function checkSpace(storeFolder: HostPath, neededBytes = NEEDED_BYTES): Promise<Finding> {
  const freeBytes = await freeBytesAt(storeFolder);
  const isEnough = freeBytes >= neededBytes;
  return {
    name: 'disk space',
    have: `${formatBytes(freeBytes)} free for ${storeFolder}`,
    want: `${formatBytes(neededBytes)} for a first build of everything`,
    ok: isEnough,
    ...(isEnough
      ? {}
      : { hint: 'Free some, or put the store elsewhere: BLAZENEURO_STORE=/path/on/another/disk' }),
  };
}

/** Free space for ordinary users where a folder lies; it need not exist yet. */
export async function freeBytesAt(folder: HostPath): Promise<number> {
  const { bavail, bsize } = await statfs(await nearestFolder(folder));
  return bavail * bsize;
}

/** What stat(2) says of a folder that is not there, or that this user may not look into. */
const ABSENT = ['ENOENT', 'ENOTDIR', 'EACCES'] as const;

/** The folder itself, or the nearest one above that exists. */
export async function nearestFolder(folder: HostPath): Promise<HostPath> {
  try {
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    if (!ABSENT.some((code) => isErrno(error, code))) throw error;
  }
  return nearestFolder(dirname(folder));
}
