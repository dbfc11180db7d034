import { mkdir, mkdtemp, open, readFile, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { digestOfBytes, type HostPath, isErrno } from '#base';
import type { DriveWorld, Seen } from './world.ts';

export const MB = 1e6;
export const GB = 1e9;

/** Bytes at a place of a made-up device. */
export type Content = { readonly at: number; readonly bytes: Uint8Array };

/** A made-up disk. What is left out is as on a USB stick. */
export type FakeDisk = {
  readonly number: string;
  readonly sizeBytes?: number;
  /** Where in the tree of devices it hangs: `pci0/usb1/1-1/1-1:1.0/host0/0:0:0:0`. */
  readonly place?: string;
  /** Attributes, by their path below the disk: `removable`, `device/model`, `../../serial`. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly usbSerial?: string | undefined;
  readonly contents?: readonly Content[];
  /** By name. */
  readonly partitions?: Readonly<Record<string, FakePartition>>;
  readonly slaves?: readonly string[];
};

export type FakePartition = { readonly number: string; readonly startMb: number; readonly sizeMb: number };

/** A made-up machine. */
export type FakeMachine = {
  readonly disks: Readonly<Record<string, FakeDisk>>;
  /** `sda1 /boot ext4`, or `0:45 / overlay overlay lowerdir=/x`; with `in 4711:` before it, of that process. */
  readonly mounts?: readonly string[];
  readonly swaps?: readonly string[];
  /** Which device (by number) a file of the machine lies on. */
  readonly files?: Readonly<Record<HostPath, string>>;
  /** Links in /dev, such as `disk/by-id/usb-x`. */
  readonly links?: Readonly<Record<string, string>>;
  /** Mounted btrfs, as sysfs shows them. */
  readonly btrfs?: Readonly<Record<string, readonly string[]>>;
};

/** A machine that only this test sees, gone with the scope. */
export type FakeWorld = DriveWorld &
  AsyncDisposable & {
    readonly folder: HostPath;
    /** The path of a device's node, or of a link to it. */
    dev(name: string): HostPath;
    /** Sets an attribute of a disk, or of the USB device that it is of, anew. */
    set(disk: string, attribute: string, value: string): Promise<void>;
    setUsb(disk: string, attribute: string, value: string): Promise<void>;
    /** Lets a link lead elsewhere. */
    link(name: string, disk: string): Promise<void>;
    /** Digests of all devices' bytes, to see whether one was written. */
    digests(): Promise<Readonly<Record<string, string>>>;
  };

/** Builds /sys, /dev and /proc of a made-up machine. Its devices are files, which anybody can make. */
export async function fakeWorld(machine: FakeMachine): Promise<FakeWorld> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'drive-test-')));
  const [sysFolder, devFolder, procFolder] = [join(folder, 'sys'), join(folder, 'dev'), join(folder, 'proc')];
  for (const path of ['sys/block', 'sys/dev/block', 'sys/fs', 'dev', 'proc/self/ns']) {
    await mkdir(join(folder, path), { recursive: true });
  }
  for (const [name, disk] of Object.entries(machine.disks)) await writeDisk(folder, name, disk);
  await writeHolders(folder, machine);
  await writeProc(procFolder, machine);
  for (const [id, names] of Object.entries(machine.btrfs ?? {})) {
    for (const name of names) await write(join(sysFolder, 'fs/btrfs', id, 'devices', name), '');
  }
  const numbers = numbersOf(machine);
  const world: FakeWorld = {
    folder,
    sysFolder,
    devFolder,
    procFolder,
    look: (path) => look(path, { devFolder, numbers, files: machine.files ?? {} }),
    dev: (name) => join(devFolder, name),
    set: (disk, attribute, value) => write(join(sysFolder, 'block', disk, attribute), value),
    setUsb: async (disk, attribute, value) => {
      const home = await realpath(join(sysFolder, 'block', disk));
      await write(join(home, '../../../../..', attribute), value);
    },
    link: async (name, disk) => {
      await rm(join(devFolder, name), { force: true });
      await mkdir(dirname(join(devFolder, name)), { recursive: true });
      await symlink(join(devFolder, disk), join(devFolder, name));
    },
    digests: async () => {
      const digests: Record<string, string> = {};
      for (const name of numbers.keys()) digests[name] = digestOfBytes(await readFile(join(devFolder, name)));
      return digests;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
  for (const [name, disk] of Object.entries(machine.links ?? {})) await world.link(name, disk);
  return world;
}

async function writeDisk(folder: HostPath, name: string, disk: FakeDisk): Promise<void> {
  const place = join(folder, 'sys/devices', disk.place ?? `pci0/usb1/${name}-1/${name}-1:1.0/host0/0:0:0:0`);
  const home = join(place, 'block', name);
  await mkdir(join(home, 'holders'), { recursive: true });
  await symlink(home, join(folder, 'sys/block', name));
  await symlink(home, join(folder, 'sys/dev/block', disk.number));
  if (disk.place === undefined) {
    const usb = join(place, '../../..');
    await write(join(usb, 'idProduct'), '5581\n');
    if (disk.usbSerial !== undefined) await write(join(usb, 'serial'), `${disk.usbSerial}\n`);
    await write(join(place, 'vendor'), 'SanDisk \n');
    await write(join(place, 'model'), 'Ultra           \n');
    await symlink(place, join(home, 'device'));
  }
  const attributes = {
    dev: disk.number,
    size: String((disk.sizeBytes ?? 32 * GB) / 512),
    ro: '0',
    removable: '1',
    diskseq: disk.number.replace(':', ''),
    'queue/logical_block_size': '512',
    ...disk.attributes,
  };
  for (const [path, value] of Object.entries(attributes)) await write(join(home, path), `${value}\n`);
  for (const slave of disk.slaves ?? []) await write(join(home, 'slaves', slave), '');
  await writeContents(join(folder, 'dev', name), disk.contents ?? []);
  for (const [partition, { number, startMb, sizeMb }] of Object.entries(disk.partitions ?? {})) {
    const own = {
      dev: number,
      partition: /\d+$/.exec(partition)?.[0] ?? '',
      start: String(Math.floor((startMb * MB) / 512)),
      size: String(Math.floor((sizeMb * MB) / 512)),
      ro: '0',
    };
    for (const [path, value] of Object.entries(own)) await write(join(home, partition, path), `${value}\n`);
    await mkdir(join(home, partition, 'holders'));
    await symlink(join(home, partition), join(folder, 'sys/dev/block', number));
    await writeContents(join(folder, 'dev', partition), []);
  }
}

/** A file with holes: as long as its last byte, and no longer. */
async function writeContents(path: HostPath, contents: readonly Content[]): Promise<void> {
  await write(path, '');
  await truncate(path, 4096);
  const file = await open(path, 'r+');
  for (const { at, bytes } of contents) await file.write(bytes, 0, bytes.length, at);
  await file.close();
}

/** The kernel tells both ways what lies on what. */
async function writeHolders(folder: HostPath, { disks }: FakeMachine): Promise<void> {
  for (const [name, { slaves = [] }] of Object.entries(disks)) {
    for (const slave of slaves) {
      const disk = Object.entries(disks).find(([, { partitions = {} }]) => slave in partitions)?.[0];
      const home = join(folder, 'sys/block', disk === undefined ? slave : join(disk, slave));
      await write(join(home, 'holders', name), '');
    }
  }
}

async function writeProc(procFolder: HostPath, machine: FakeMachine): Promise<void> {
  const numbers = numbersOf(machine);
  const lines = new Map<string, string[]>([['self', []]]);
  for (const mount of machine.mounts ?? []) {
    const [, pid = 'self', rest = ''] = /^(?:in (\d+): )?(.*)$/.exec(mount) ?? [];
    const [device = '', mountPoint = '', fileSystem = '', source = `/dev/${device}`, options = 'rw'] =
      rest.split(' ');
    const line = `22 1 ${numbers.get(device) ?? device} / ${mountPoint} rw,relatime shared:1 - ${fileSystem} ${source} ${options}`;
    lines.set(pid, [...(lines.get(pid) ?? []), line]);
  }
  for (const [pid, text] of lines) {
    await write(join(procFolder, pid, 'mountinfo'), `${text.join('\n')}\n`);
    await mkdir(join(procFolder, pid, 'ns'), { recursive: true });
    await symlink(`mnt:[${pid === 'self' ? 0 : pid}]`, join(procFolder, pid, 'ns/mnt'));
  }
  const swaps = (machine.swaps ?? []).map((path) => `${path} partition 1048572 0 -2\n`);
  await write(join(procFolder, 'swaps'), `Filename Type Size Used Priority\n${swaps.join('')}`);
}

function numbersOf({ disks }: FakeMachine): Map<string, string> {
  return new Map(
    Object.entries(disks).flatMap(([name, { number, partitions = {} }]) => [
      [name, number] as const,
      ...Object.entries(partitions).map(([part, of]) => [part, of.number] as const),
    ]),
  );
}

type Known = {
  readonly devFolder: HostPath;
  readonly numbers: ReadonlyMap<string, string>;
  readonly files: Readonly<Record<HostPath, string>>;
};

/** Paths of /dev, in the made-up machine or as its mounts name them, and the files that it is said to have. */
async function look(path: HostPath, { devFolder, numbers, files }: Known): Promise<Seen> {
  const onDevice = files[path];
  if (onDevice !== undefined) {
    return { kind: 'other', path, onDevice: numbers.get(onDevice) ?? onDevice, inode: path };
  }
  const node = path.startsWith('/dev/') ? join(devFolder, path.slice('/dev/'.length)) : path;
  let real: HostPath;
  try {
    real = await realpath(node);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return { kind: 'missing' };
    throw error;
  }
  const number = dirname(real) === devFolder ? numbers.get(basename(real)) : undefined;
  if (number !== undefined) return { kind: 'block-device', path: real, number };
  return { kind: 'other', path: real, onDevice: '0:1', inode: real };
}

async function write(path: HostPath, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
