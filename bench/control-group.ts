import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isErrno } from '#base';

const MOUNTS = '/sys/fs/cgroup';
const CONTROLLERS = ['cpuacct', 'memory'] as const;
type Controller = (typeof CONTROLLERS)[number];

/** A control group (version 1) of our own, for a program and all that it starts; gone with the scope. */
export type ControlGroup = AsyncDisposable & {
  /** Words before a command line that let it run in the group. */
  readonly enter: readonly string[];
  /** User and system time of everything that ran in it, in milliseconds. */
  cpuMs(): Promise<number>;
  /** Memory that programs hold now, without the cache of files. */
  programBytes(): Promise<number>;
  /** The most memory that was in use at once, the cache of files among it. */
  peakBytes(): Promise<number>;
};

/**
 * Makes a control group below our own; undefined where that cannot be done: not root, or another version of them.
 * With a limit, its programs get no more memory than that.
 */
export async function openControlGroup(memoryLimitBytes?: number): Promise<ControlGroup | undefined> {
  const folders = await makeFolders();
  if (folders === undefined) return undefined;
  const read = async (controller: Controller, file: string): Promise<string> =>
    readFile(join(folders[controller], file), 'utf8');
  if (memoryLimitBytes !== undefined) {
    await writeFile(join(folders.memory, 'memory.limit_in_bytes'), String(memoryLimitBytes));
  }
  const files = CONTROLLERS.map((controller) => join(folders[controller], 'cgroup.procs'));
  return {
    enter: ['sh', '-c', ENTER, 'enter', ...files],
    cpuMs: async () => Number(await read('cpuacct', 'cpuacct.usage')) / 1e6,
    programBytes: async () =>
      Number(/^total_rss (\d+)$/m.exec(await read('memory', 'memory.stat'))?.[1] ?? Number.NaN),
    peakBytes: async () => Number(await read('memory', 'memory.max_usage_in_bytes')),
    [Symbol.asyncDispose]: async () => {
      for (const controller of CONTROLLERS) await removeGroup(folders[controller]);
    },
  };
}

/** Joins the groups whose files are the first two words, and becomes the rest of them. */
const ENTER = `for file in "$1" "$2"; do echo $$ > "$file"; done
shift 2
exec "$@"`;

async function makeFolders(): Promise<Readonly<Record<Controller, string>> | undefined> {
  const own = await readFile('/proc/self/cgroup', 'utf8');
  const name = `blazeneuro-bench-${process.pid}`;
  const folderOf = (controller: Controller): string =>
    join(MOUNTS, controller, new RegExp(`:${controller}:(.*)$`, 'm').exec(own)?.[1] ?? '/', name);
  const folders = { cpuacct: folderOf('cpuacct'), memory: folderOf('memory') };
  try {
    for (const controller of CONTROLLERS) await mkdir(folders[controller]);
    return folders;
  } catch (error) {
    const cannot = ['EACCES', 'EPERM', 'ENOENT', 'EROFS'].some((code) => isErrno(error, code));
    if (cannot) return undefined;
    throw error;
  }
}

/** The kernel lets go of a group a moment after its last process is gone; builds may have left groups in it. */
async function removeGroup(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeGroup(join(folder, entry.name));
  }
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      if (!isErrno(error, 'EBUSY')) throw error;
      await sleep(100);
    }
  }
  // No reason to lose what an hour of building has shown.
  process.emitWarning(`The control group ${folder} is still in use, and is left`);
}
