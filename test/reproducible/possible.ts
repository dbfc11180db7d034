import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { HostPath } from '#base';
import type { Surroundings } from './variation.ts';

/** Where faketime keeps its library, as Debian and Ubuntu have it. */
export const CLOCK_LIBRARY: HostPath = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

/** A file system in memory, on every Linux. */
export const MEMORY_FOLDER: HostPath = '/dev/shm';
const MEMORY_BYTES = 2 ** 31;

/** Why surroundings cannot be had on this machine; undefined when they can. */
export async function whyNot({
  user,
  hostName,
  clockDays,
  place,
}: Surroundings): Promise<string | undefined> {
  const takesRoot = user !== undefined || hostName !== undefined || place === 'shuffled';
  if (takesRoot && process.getuid?.() !== 0) return 'it takes root';
  if (clockDays !== undefined && !existsSync(CLOCK_LIBRARY)) return missing('faketime');
  if (place === 'shuffled' && !existsSync('/usr/bin/disorderfs')) return missing('disorderfs');
  if (place === 'shuffled' && !existsSync('/dev/fuse')) return 'there is no /dev/fuse here';
  if (place !== 'memory') return undefined;
  const { bavail, bsize } = await statfs(MEMORY_FOLDER);
  return bavail * bsize < MEMORY_BYTES ? `${MEMORY_FOLDER} has less than 2 GiB left` : undefined;
}

function missing(program: string): string {
  return `${program} is not here: apt-get install ${program}`;
}
