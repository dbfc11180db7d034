import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type HostPath, isErrno } from '#base';

/** The rest is left to the program itself, to the page cache, and to estimates that were too low. */
const SHARE_FOR_BUILDS = 0.85;

/** Memory that builds may take together, in bytes: what is available now, within the limits of our control groups. */
export async function readMemoryBudget(root: HostPath = '/'): Promise<number> {
  const meminfo = await readFile(join(root, 'proc/meminfo'), 'utf8');
  const availableKib = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1];
  if (availableKib === undefined) throw new Error('/proc/meminfo does not say MemAvailable');
  const limits = await readLimits(root);
  return Math.floor(Math.min(Number(availableKib) * 1024, ...limits) * SHARE_FOR_BUILDS);
}

/** A limit of any group above us counts as well. */
async function readLimits(root: HostPath): Promise<number[]> {
  const groups = (await readIfThere(join(root, 'proc/self/cgroup'))) ?? '';
  const limits: number[] = [];
  for (const line of groups.split('\n')) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const isUnified = controllers === '';
    if (path === '' || !(isUnified || controllers.split(',').includes('memory'))) continue;
    const base = join(root, 'sys/fs/cgroup', isUnified ? '' : 'memory');
    const file = isUnified ? 'memory.max' : 'memory.limit_in_bytes';
    for (const group of withParents(path)) {
      // `max` is no limit, and the group's path is another one where a container shows only its own part.
      const limit = Number((await readIfThere(join(base, group, file)))?.trim() ?? 'max');
      if (Number.isFinite(limit)) limits.push(limit);
    }
  }
  return limits;
}

function withParents(path: string): string[] {
  return path === '/' ? [path] : [path, ...withParents(dirname(path))];
}

async function readIfThere(path: HostPath): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
