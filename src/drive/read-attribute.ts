import { readdir, readFile, readlink } from 'node:fs/promises';
import { type HostPath, isErrno } from '#base';

/** What sysfs says when an attribute is not there, its device has just gone, or has nothing to say. */
const NOTHING_TO_READ = ['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'EIO', 'EINVAL', 'EACCES', 'EPERM', 'ESRCH'];

/** One attribute of sysfs, without the space around it; undefined where there is none, or an empty one. */
export async function readAttribute(path: HostPath): Promise<string | undefined> {
  const text = (await readBytes(path))?.toString('utf8').replaceAll('\0', '').trim();
  return text === '' ? undefined : text;
}

/** An attribute that is a whole number. */
export async function readNumber(path: HostPath): Promise<number | undefined> {
  const text = await readAttribute(path);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** An attribute as bytes. */
export async function readBytes(path: HostPath): Promise<Buffer | undefined> {
  return orNothing(readFile(path));
}

/** Where a link of sysfs leads, as it is written; undefined where there is none. */
export async function readLink(path: HostPath): Promise<string | undefined> {
  return orNothing(readlink(path));
}

/** The names in a folder of sysfs, in order; none where there is no such folder. */
export async function listFolder(path: HostPath): Promise<readonly string[]> {
  return ((await orNothing(readdir(path))) ?? []).sort();
}

/** What is read, or undefined when there is nothing to read. */
export async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (NOTHING_TO_READ.some((code) => isErrno(error, code))) return undefined;
    throw error;
  }
}
