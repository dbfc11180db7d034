import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HostPath, isErrno } from '#base';

/** A control group of the kernel with a memory limit; gone with the scope, when all of its processes are. */
export type MemoryGroup = AsyncDisposable & {
  readonly folder: HostPath;
  /** How many of its processes the kernel ended because they reached the limit. */
  ended(): Promise<number>;
};

/** Where groups are made, and the names of their files: cgroups(7) has two versions. */
type Parent = { readonly folder: HostPath; readonly limitFile: string; readonly eventsFile: string };

const ROOT = '/sys/fs/cgroup';
const PREFIX = 'blazeneuro-';

/** What says that we may not make groups here: no rights, a read-only mount, or no such controller. */
const NOT_OURS = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'EBUSY', 'EINVAL', 'EOPNOTSUPP'] as const;

let groups = 0;

/**
 * Makes a group. Undefined where we may not: root may nearly everywhere, others where systemd runs the program in a
 * part of the tree that it has handed to them.
 */
export async function openMemoryGroup(limitBytes: number): Promise<MemoryGroup | undefined> {
  const parent = await findParent();
  if (parent === undefined) return undefined;
  groups += 1;
  const folder = join(parent.folder, `${PREFIX}${process.pid}-${groups}`);
  try {
    await removeForsaken(parent.folder);
    await mkdir(folder);
  } catch (error) {
    if (isOneOf(error, NOT_OURS)) return undefined;
    throw error;
  }
  try {
    await writeFile(join(folder, parent.limitFile), String(Math.round(limitBytes)));
  } catch (error) {
    await rmdir(folder);
    if (isOneOf(error, NOT_OURS)) return undefined;
    throw error;
  }
  return {
    folder,
    ended: async () => countEnded(await readFile(join(folder, parent.eventsFile), 'utf8')),
    [Symbol.asyncDispose]: () => removeGroup(folder),
  };
}

/** The kernel refuses while a process of the group is still ending. */
async function removeGroup(folder: HostPath): Promise<void> {
  for (let triesLeft = 50; ; triesLeft -= 1) {
    try {
      return await rmdir(folder);
    } catch (error) {
      if (!isErrno(error, 'EBUSY') || triesLeft === 0) throw error;
      await sleep(100);
    }
  }
}

async function findParent(): Promise<Parent | undefined> {
  const own = parseOwnGroups(await readOptional('/proc/self/cgroup'));
  if (own.memory !== undefined) {
    const folder = join(ROOT, 'memory', own.memory);
    return { folder, limitFile: 'memory.limit_in_bytes', eventsFile: 'memory.oom_control' };
  }
  if (own.unified === undefined) return undefined;
  // A group with processes in it can have no limited groups below it, so ours stand beside our own.
  const folder = join(ROOT, dirname(own.unified));
  const controllers = await readOptional(join(folder, 'cgroup.subtree_control'));
  if (!controllers.split(/\s/).includes('memory')) return undefined;
  return { folder, limitFile: 'memory.max', eventsFile: 'memory.events' };
}

/** Which group of each version a process is in, from its `/proc/PID/cgroup`. */
export function parseOwnGroups(text: string): { readonly memory?: string; readonly unified?: string } {
  const memory = /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(.*)$/m.exec(text)?.[1];
  const unified = /^0::(.*)$/m.exec(text)?.[1];
  return { ...(memory === undefined ? {} : { memory }), ...(unified === undefined ? {} : { unified }) };
}

function countEnded(events: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0);
}

/** Groups of programs that were killed before they could remove them. */
async function removeForsaken(parent: HostPath): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-')[0] : undefined;
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      await rmdir(join(parent, name));
    } catch (error) {
      // Somebody else was quicker, or its last processes are just ending.
      if (!isOneOf(error, ['ENOENT', 'EBUSY'])) throw error;
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return !isErrno(error, 'ESRCH');
  }
}

async function readOptional(path: HostPath): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return '';
    throw error;
  }
}

function isOneOf(error: unknown, codes: readonly string[]): boolean {
  return codes.some((code) => isErrno(error, code));
}
