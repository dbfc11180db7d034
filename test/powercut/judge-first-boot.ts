import { stat } from 'node:fs/promises';
import { espHolds } from '#boot';
import { rootPartition } from './bench.ts';
import { mustRun } from './programs.ts';
import type { JudgedDrive } from './scenario.ts';

/** The backup table: 32 sectors of entries and a header (UEFI 2.10, 5.3.2); partitions end at a whole MiB before it. */
const LEFT_AT_END_BYTES = 33 * 512 + 1024 * 1024;
/** ext4 leaves out a last group that could hold little more than its own tables. */
const LEFT_OF_PARTITION_BYTES = 8 * 1024 * 1024;

/** Waits on the guest until the root has grown, which it does behind everybody's back, and fails after a while. */
export const UNTIL_GROWN = `tries=0
until [ "$(cat /var/lib/blazeneuro/grown-to 2>&1)" = "$(cat "/sys/dev/block/$(mountpoint -d /)/size")" ]; do
  tries=$((tries + 1)); [ "$tries" -lt 300 ] || { echo "The root does not grow."; exit 1; }
  sleep 0.3
done`;

/** What a first boot has done in the end, however often its power was cut: the root has all of the drive, and the secrets of the settings are gone. */
export async function judgeFirstBoot({ bench, base, path }: JudgedDrive): Promise<string[]> {
  const faults: string[] = [];
  const root = await rootPartition(path);
  if (await espHolds({ path, esp: bench.esp }, base.passwordHash)) {
    faults.push('The ESP still holds the hash of the password.');
  }
  // sfdisk says on stderr what is wrong with either table, and takes the other one.
  const table = await mustRun(['sfdisk', '--verify', '--', path]);
  if (!/^No errors detected/m.test(table)) faults.push(`sfdisk --verify: ${table.trim()}`);
  const { size: driveBytes } = await stat(path);
  const missingBytes = driveBytes - root.offsetBytes - root.sizeBytes;
  if (missingBytes > LEFT_AT_END_BYTES)
    faults.push(`The root partition lacks ${missingBytes} bytes of the drive.`);
  const header = await mustRun(['dumpe2fs', '-h', `${path}?offset=${root.offsetBytes}`]);
  const numberOf = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(header)?.[1]);
  const fileSystemBytes = numberOf('Block count') * numberOf('Block size');
  if (!(fileSystemBytes > root.sizeBytes - LEFT_OF_PARTITION_BYTES)) {
    faults.push(`The file system has ${fileSystemBytes} bytes of the partition's ${root.sizeBytes}.`);
  }
  return faults;
}
