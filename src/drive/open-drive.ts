import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { fail, type HostPath, ok, type Problem, type Result, unwrap } from '#base';
import { type BlockDevice, readDisk } from './block-device.ts';
import { dropCache } from './drop-cache.ts';
import type { WritableDrive } from './permit-drive.ts';
import { readLink } from './read-attribute.ts';
import type { DriveWorld } from './world.ts';

/**
 * A drive that nobody else can mount or take while it is open. Offsets and lengths are multiples of 512 bytes, and
 * buffers are those of `alignedBuffer`: all goes past the page cache, so that what a write says is of this write.
 */
export type OpenDrive = AsyncDisposable & {
  readonly sizeBytes: number;
  /** Writes all of the bytes, however many calls that takes. Rejects with the system's error. */
  write(bytes: Uint8Array, offsetBytes: number): Promise<void>;
  /** Fills the buffer with what the drive has. */
  read(into: Uint8Array, offsetBytes: number): Promise<void>;
  /** Ends when the drive says that it has all. After an error, nothing written since the last call is certain. */
  flush(): Promise<void>;
};

/**
 * Opens a drive for us alone, then checks through the open descriptor that it is still the one that was permitted:
 * as soon as a drive is unplugged, its name and its number may go to another.
 */
export async function openDrive(drive: WritableDrive, world: DriveWorld): Promise<Result<OpenDrive>> {
  await using opened = new AsyncDisposableStack();
  const file = await openOrFail(drive, drive.path, constants.O_RDWR | constants.O_EXCL | constants.O_DIRECT);
  if (!file.ok) return file;
  opened.defer(() => file.value.close());
  const difference = await findDifference(drive, file.value, world);
  if (difference !== undefined) return fail(replaced(drive, difference));
  const dropped = await dropCache(file.value.fd, drive.path);
  if (!dropped.ok) return dropped;
  // By the descriptor: it is the same node, whatever has become of the name.
  const reader = await openOrFail(drive, pathOfOpen(file.value), constants.O_RDONLY | constants.O_DIRECT);
  if (!reader.ok) return reader;
  opened.defer(() => reader.value.close());
  const moved = await findDifference(drive, reader.value, world);
  if (moved !== undefined) return fail(replaced(drive, moved));
  const closing = opened.move();
  return ok(openDriveOf(drive, { writer: file.value, reader: reader.value, closing }));
}

async function openOrFail(drive: WritableDrive, path: HostPath, flags: number): Promise<Result<FileHandle>> {
  try {
    return ok(await open(path, flags));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const hint = WHY_NOT_OPENED[code ?? ''];
    if (hint === undefined) throw error;
    const message = `${drive.path} is not written: it could not be opened (${code})`;
    return fail({ kind: 'refused', subject: drive.path, message, hint });
  }
}

/** What opening a drive can answer, and what to do then. */
const WHY_NOT_OPENED: Readonly<Record<string, string>> = {
  EBUSY: 'Something has begun to use it. Find out what: blazeneuro drives',
  EACCES: 'Run the same command as root, such as by sudo',
  EPERM: 'Run the same command as root, such as by sudo',
  EROFS: 'It has become read-only. A worn-out stick stays as it is; use another',
  ENOENT: 'It has been unplugged. Plug it in and begin again',
  ENODEV: 'It has been unplugged. Plug it in and begin again',
  ENXIO: 'It has been unplugged. Plug it in and begin again',
  ENOMEDIUM: 'Its medium has been taken out. Put it in and begin again',
};

function replaced(drive: WritableDrive, difference: string): Problem {
  return {
    kind: 'refused',
    subject: drive.path,
    message: `${drive.path} is not written: it is no longer the drive that was confirmed`,
    details: [difference],
    hint: 'Look which drive is meant, and begin again: blazeneuro drives',
  };
}

/** How the device behind a descriptor differs from the drive that was permitted; undefined when it is the same. */
async function findDifference(
  drive: WritableDrive,
  file: FileHandle,
  world: DriveWorld,
): Promise<string | undefined> {
  const seen = await world.look(pathOfOpen(file));
  if (seen.kind !== 'block-device') return `${drive.path} is no block device any more`;
  const folder = await readLink(`${world.sysFolder}/dev/block/${seen.number}`);
  const device = folder === undefined ? undefined : await readDisk(basename(folder), world);
  if (device === undefined) return `${drive.path} has been unplugged`;
  return IDENTIFYING.map(([what, ofDrive, ofDevice]) => {
    const [expected, found] = [ofDrive(drive), ofDevice(device)];
    return expected === found
      ? undefined
      : `${what}: ${expected ?? 'none'} was confirmed, ${found ?? 'none'} is there`;
  }).find((difference) => difference !== undefined);
}

type Mark = string | number | undefined;

const IDENTIFYING: readonly (readonly [
  what: string,
  ofDrive: (drive: WritableDrive) => Mark,
  ofDevice: (device: BlockDevice) => Mark,
])[] = [
  ['device number', (drive) => drive.majorMinor, (device) => device.number],
  ['serial', (drive) => drive.serial, (device) => device.identity.serial],
  ['size in bytes', (drive) => drive.sizeBytes, (device) => device.sizeBytes],
  // Grows whenever a device appears or its medium changes, so that even a twin in the same socket is told apart.
  ['disk sequence number', (drive) => drive.diskSequence, (device) => device.diskSequence],
];

function pathOfOpen({ fd }: FileHandle): HostPath {
  return `/proc/self/fd/${fd}`;
}

type Descriptors = {
  readonly writer: FileHandle;
  readonly reader: FileHandle;
  readonly closing: AsyncDisposableStack;
};

function openDriveOf(drive: WritableDrive, { writer, reader, closing }: Descriptors): OpenDrive {
  let isCached = false;
  return {
    sizeBytes: drive.sizeBytes,
    write: async (bytes, offsetBytes) => {
      isCached = true;
      await move(bytes, offsetBytes, (...place) => writer.write(...place).then((done) => done.bytesWritten));
    },
    read: async (into, offsetBytes) => {
      // What comes up short of a direct write or read, the kernel does through the cache (block/fops.c).
      if (isCached) {
        unwrap(await dropCache(writer.fd, drive.path));
      }
      isCached = false;
      await move(into, offsetBytes, (...place) => reader.read(...place).then((done) => done.bytesRead));
    },
    flush: () => writer.sync(),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

type Step = (bytes: Uint8Array, from: number, lengthBytes: number, offsetBytes: number) => Promise<number>;

/** One call may do less than it was asked for. One that does nothing has come to the end of the drive. */
async function move(bytes: Uint8Array, offsetBytes: number, step: Step): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const moved = await step(bytes, done, bytes.length - done, offsetBytes + done);
    if (moved === 0) {
      throw Object.assign(new Error(`The drive ends before byte ${offsetBytes + bytes.length}`), {
        code: 'ENOSPC',
      });
    }
    done += moved;
  }
}
