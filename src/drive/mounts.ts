import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';
import { listFolder, orNothing } from './read-attribute.ts';
import type { DeviceNumber, DriveWorld } from './world.ts';

/** One mount of this machine. */
export type Mount = {
  readonly number: DeviceNumber;
  readonly mountPoint: HostPath;
  readonly fileSystem: string;
  /** What was mounted: a device's path, or just a word. */
  readonly source: string;
  readonly options: readonly string[];
  /** A process that sees it, when we do not: it lies in another mount namespace. */
  readonly seenBy: number | undefined;
};

/** All mounts: our own, and those of every other mount namespace whose processes we may look at. */
export async function readMounts({ procFolder }: DriveWorld): Promise<readonly Mount[]> {
  const mounts = parseMounts(await readFile(join(procFolder, 'self/mountinfo'), 'utf8'), undefined);
  const namespaces = new Set([await orNothing(readlink(join(procFolder, 'self/ns/mnt')))]);
  for (const pid of await listFolder(procFolder)) {
    if (!/^\d+$/.test(pid)) continue;
    const namespace = await orNothing(readlink(join(procFolder, pid, 'ns/mnt')));
    if (namespace === undefined || namespaces.has(namespace)) continue;
    const text = await orNothing(readFile(join(procFolder, pid, 'mountinfo'), 'utf8'));
    // The next process of the namespace may still be there.
    if (text === undefined) continue;
    namespaces.add(namespace);
    mounts.push(...parseMounts(text, Number(pid)));
  }
  return mounts;
}

/** Reads mountinfo: proc_pid_mountinfo(5). A line ends with ` - file system, source, options`. */
export function parseMounts(text: string, seenBy: number | undefined): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ');
    const [, , number, , mountPoint] = (before ?? '').split(' ');
    const [fileSystem, source, options] = (after ?? '').split(' ');
    if (number === undefined || mountPoint === undefined || fileSystem === undefined) return [];
    return [
      {
        number,
        mountPoint: withoutEscapes(mountPoint),
        fileSystem,
        source: withoutEscapes(source ?? ''),
        options: (options ?? '').split(',').map(withoutEscapes),
        seenBy,
      },
    ];
  });
}

/** Space, tab, newline and backslash are written as three octal digits. */
function withoutEscapes(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** The paths that are swapped to at the moment: /proc/swaps, whose first line is a heading. */
export async function readSwaps({ procFolder }: DriveWorld): Promise<readonly HostPath[]> {
  const text = (await orNothing(readFile(join(procFolder, 'swaps'), 'utf8'))) ?? '';
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const path = line.split(/\s/)[0];
      return path === undefined || path === '' ? [] : [withoutEscapes(path)];
    });
}
