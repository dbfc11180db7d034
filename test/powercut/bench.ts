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
  lookAtStick,
  type StartedMachine,
  type ThrowAwayStick,
} from '#boot';
import { PROGRAM_ENV } from './programs.ts';

type Place = NonNullable<ThrowAwayStick['esp']>;

/**
 * On a busy machine QEMU's translator lets the guest wait too long for its first timer ticks, and Linux gives up before
 * it has seen a drive. Under KVM it does not check them either (arch/x86/kernel/kvm.c).
 */
const NO_TIMER_CHECK = 'no_timer_check';

/** Where the power is cut: an image, what all its machines have in common, and a folder that keeps what was made. */
export type Bench = {
  readonly image: HostPath;
  readonly folder: HostPath;
  readonly accel: Accel;
  readonly kernel: DirectKernel;
  readonly esp: Place;
  readonly rootOffsetBytes: number;
};

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
  const { esp, root } = await partitionsOf(image);
  const taken = unwrap(await directKernel({ path: image, esp }, folder, PROGRAM_ENV));
  const kernel =
    accel === 'tcg' ? { ...taken, commandLine: `${taken.commandLine} ${NO_TIMER_CHECK}` } : taken;
  return { image, folder, accel, kernel, esp, rootOffsetBytes: root.offsetBytes };
}

/** The root partition of a drive, as its table has it now. */
export async function rootPartition(drive: HostPath): Promise<Place> {
  return (await partitionsOf(drive)).root;
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

/** The ESP and the root of a drive; every image of ours has both. */
async function partitionsOf(drive: HostPath): Promise<{ readonly esp: Place; readonly root: Place }> {
  const { esp, root } = await lookAtStick(drive, PROGRAM_ENV);
  if (esp === null || root === null) throw new Error(`${drive} has no ESP, or no root`);
  return { esp, root };
}
