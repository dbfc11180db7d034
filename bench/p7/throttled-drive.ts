import { existsSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { mustRun } from '../peer.ts';

const THROTTLE = '/sys/fs/cgroup/blkio/blkio.throttle';
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
const SECTOR_BYTES = 512;

/** How fast a drive is. */
export type Speed = { readonly readBytesPerSecond: number; readonly writeBytesPerSecond: number };

/** A file as a drive, for one contestant; it is no drive any more when its scope ends. */
export type ThrottledDrive = AsyncDisposable & {
  readonly path: string;
  readonly backingFile: string;
  /** What went to and came from the drive so far. */
  traffic(): Promise<{ readonly readBytes: number; readonly writtenBytes: number }>;
};

/** Why there can be no such drive here; undefined when there can. */
export function whyNoDrive(): string | undefined {
  if (process.getuid?.() !== 0) return 'Loop devices take root';
  if (existsSync(`${THROTTLE}.write_bps_device`)) return undefined;
  return 'The kernel has to limit the speed of a device for everybody: control groups of version 1, with blkio';
}

/**
 * Makes a drive of a speed: a loop device whose queue the kernel holds back, for whoever reads or writes and in whatever
 * way, since the limit is that of the topmost control group. (Below it, only direct I/O would count.)
 */
export async function openThrottledDrive(
  backingFile: string,
  sizeBytes: number,
  speed: Speed,
): Promise<ThrottledDrive> {
  await using file = await open(backingFile, 'w');
  await file.truncate(sizeBytes);
  const path = (await mustRun(['losetup', '--find', '--show', backingFile], '/', env)).trim();
  const folder = `/sys/block/${basename(path)}`;
  const number = (await readFile(`${folder}/dev`, 'latin1')).trim();
  const limit = async (read: number, write: number): Promise<void> => {
    await writeFile(`${THROTTLE}.read_bps_device`, `${number} ${read}`);
    await writeFile(`${THROTTLE}.write_bps_device`, `${number} ${write}`);
  };
  await limit(speed.readBytesPerSecond, speed.writeBytesPerSecond);
  return {
    path,
    backingFile,
    traffic: async () => {
      // Documentation/block/stat.rst: the third figure is sectors read, the seventh sectors written.
      const figures = (await readFile(`${folder}/stat`, 'latin1')).trim().split(/\s+/).map(Number);
      return {
        readBytes: (figures[2] ?? 0) * SECTOR_BYTES,
        writtenBytes: (figures[6] ?? 0) * SECTOR_BYTES,
      };
    },
    [Symbol.asyncDispose]: async () => {
      await limit(0, 0);
      await mustRun(['losetup', '--detach', path], '/', env);
    },
  };
}
