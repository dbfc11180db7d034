import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from '#base';
import { openMemoryGroup } from '#sandbox';

/** What attacks could leave on a machine. */
export type Remains = {
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly loops: readonly string[];
  readonly groups: readonly string[];
};

export const NOTHING: Remains = { processes: [], mounts: [], loops: [], groups: [] };

/** What is there now and was not before. A process is an attack's if one of the words is in its command line. */
export async function lookAround(words: readonly string[], before: Remains = NOTHING): Promise<Remains> {
  const isNew = (list: readonly string[]) => (one: string) => !list.includes(one);
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n');
  return {
    processes: (await processesWith(words)).filter(isNew(before.processes)),
    mounts: mounts.filter(isNew(before.mounts)),
    loops: (await boundLoops()).filter(isNew(before.loops)),
    groups: (await memoryGroups()).filter(isNew(before.groups)),
  };
}

async function processesWith(words: readonly string[]): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const lines = await Promise.all(ids.map(async (id) => `${id} ${await commandLine(id)}`));
  return lines.filter((line) => words.some((word) => line.includes(word)));
}

async function commandLine(id: string): Promise<string> {
  try {
    return (await readFile(`/proc/${id}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  } catch (error) {
    // It ended while we looked.
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ESRCH')) return '';
    throw error;
  }
}

/** Loop devices with a file behind them. */
async function boundLoops(): Promise<string[]> {
  const loops = (await readdir('/sys/block')).filter((name) => name.startsWith('loop'));
  const isBound = await Promise.all(
    loops.map(async (name) => (await readdir(`/sys/block/${name}`)).includes('loop')),
  );
  return loops.filter((_, at) => isBound[at]);
}

async function memoryGroups(): Promise<string[]> {
  const own = await openMemoryGroup(1 << 30);
  if (own === undefined) return [];
  await own[Symbol.asyncDispose]();
  const names = await readdir(join(own.folder, '..'));
  return names.filter((name) => name.startsWith('blazeneuro-'));
}
