import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type HostPath, unwrap } from '#base';
import {
  type Accel,
  type AccelChoice,
  chooseAccel,
  DEFAULT_MACHINE,
  type DirectKernel,
  directKernel,
  type StartedMachine,
  type ThrowAwayStick,
} from '#boot';
import { mustRun, PROGRAM_ENV } from './programs.ts';

/** Where the power is cut: an image, what all its machines have in common, and a folder that keeps what was made. */
export type Bench = {
  readonly image: HostPath;
  readonly folder: HostPath;
  readonly accel: Accel;
  readonly kernel: DirectKernel;
  readonly esp: NonNullable<ThrowAwayStick['esp']>;
  readonly rootOffsetBytes: number;
};

/** systemd's Discoverable Partitions: the root of an x86-64. */
const ROOT_TYPE = '4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709';
const ESP_TYPE = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B';

/** Opens the bench of an image. What is kept lies in a folder of the image's digest: another image, other recordings. */
export async function openBench(
  image: HostPath,
  settings: { readonly folder: HostPath; readonly accel: AccelChoice },
): Promise<Bench> {
  const manifest = await readFile(join(dirname(image), 'manifest.json'), 'utf8');
  const { digest } = JSON.parse(manifest) as { readonly digest: string };
  const folder = join(settings.folder, digest.slice(0, 12));
  await mkdir(folder, { recursive: true });
  const { accel } = await chooseAccel(settings.accel, PROGRAM_ENV);
  const partitions = await readPartitions(image);
  const esp = partitionOf(partitions, ESP_TYPE);
  const root = partitionOf(partitions, ROOT_TYPE);
  const kernel = unwrap(await directKernel({ path: image, esp }, folder, PROGRAM_ENV));
  return { image, folder, accel, kernel, esp, rootOffsetBytes: root.offsetBytes };
}

/** The root partition of a drive, as its table has it now. */
export async function rootPartition(drive: HostPath): Promise<Partition> {
  return partitionOf(await readPartitions(drive), ROOT_TYPE);
}

/** A machine that starts the kernel by itself, with one processor: quick. */
export function quickMachine(bench: Bench, drive: StartedMachine['drive']): StartedMachine {
  return {
    ...DEFAULT_MACHINE,
    firmware: { kind: 'bios' },
    kernel: bench.kernel,
    bus: 'virtio',
    accel: bench.accel,
    cpus: 1,
    drive,
    // A boot that mended much may start again by itself.
    endsOnReboot: false,
  };
}

type Partition = { readonly type: string; readonly offsetBytes: number; readonly sizeBytes: number };

async function readPartitions(drive: HostPath): Promise<readonly Partition[]> {
  const table = JSON.parse(await mustRun(['sfdisk', '--json', '--', drive])) as {
    readonly partitiontable: {
      readonly partitions: readonly {
        readonly type: string;
        readonly start: number;
        readonly size: number;
      }[];
    };
  };
  return table.partitiontable.partitions.map(({ type, start, size }) => ({
    type: type.toUpperCase(),
    offsetBytes: start * 512,
    sizeBytes: size * 512,
  }));
}

function partitionOf(partitions: readonly Partition[], type: string): Partition {
  const found = partitions.find((partition) => partition.type === type);
  if (found === undefined) throw new Error(`The image has no partition of type ${type}`);
  return found;
}
