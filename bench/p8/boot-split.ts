import { unwrap } from '#base';
import { copyFirmware, findFirmware, type GuestShell, logIn, type Machine, startMachine } from '#boot';

/** A good stick of today, as the measures ask for. */
const STICK_BYTES_PER_SECOND = 30_000_000;

const LIMIT_MS = 300_000;

export type BootedImage = {
  readonly path: string;
  readonly password: string;
  /** Where the firmware's variables may lie. */
  readonly folder: string;
  readonly accel: Machine['accel'];
  /** There is nobody to log in: only the time of its one word is known. */
  readonly isFloor: boolean;
};

/**
 * One boot from a stick under UEFI, split by what the serial line says and when: the firmware's own message that it
 * starts the loader; the kernel's clock, which tells when it began; its note that it runs the first program (init, or
 * that of an initrd); the login prompt. Nothing that the guest writes is kept.
 */
export async function measureBoot(
  image: BootedImage,
  env: Readonly<Record<string, string>>,
): Promise<Record<string, number>> {
  const firmware = await copyFirmware(unwrap(await findFirmware('uefi')), image.folder);
  await using machine = startMachine(
    {
      firmware,
      bus: 'usb',
      accel: image.accel,
      memoryMiB: 512,
      cpus: 2,
      network: 'none',
      drive: {
        path: image.path,
        format: 'raw',
        forgetful: true,
        bytesPerSecond: STICK_BYTES_PER_SECOND,
      },
      endsOnReboot: true,
    },
    { env },
  );
  const wait = (what: string) => ({ what, timeLimitMs: LIMIT_MS });
  unwrap(await machine.waitFor(/BdsDxe: starting Boot/, wait('the loader')));
  const loaderAtMs = machine.elapsedMs();
  unwrap(await machine.waitFor(/login:[ _]/, wait('a login prompt')));
  const loginAtMs = machine.elapsedMs();
  const known = { totalMs: loginAtMs, firmwareMs: loaderAtMs, loaderToLoginMs: loginAtMs - loaderAtMs };
  if (image.isFloor) return known;
  const shell = unwrap(await logIn(machine.console, { user: 'root', password: image.password }));
  const kernelAtMs = await kernelBegan(shell, () => machine.elapsedMs());
  const firstProgramMs = 1000 * (await firstProgramStarted(shell));
  return {
    ...known,
    loaderMs: kernelAtMs - loaderAtMs,
    kernelMs: firstProgramMs,
    initMs: loginAtMs - kernelAtMs - firstProgramMs,
  };
}

/** When the kernel's clock began, on ours. An answer may come late but never early: the quickest of several counts. */
async function kernelBegan(shell: GuestShell, nowMs: () => number): Promise<number> {
  const began: number[] = [];
  for (let question = 0; question < 5; question += 1) {
    const { output } = unwrap(await shell.run('cat /proc/uptime'));
    began.push(nowMs() - 1000 * Number(output.trim().split(' ')[0]));
  }
  return Math.min(...began);
}

/** Seconds of the kernel's clock at which it ran the first program. */
async function firstProgramStarted(shell: GuestShell): Promise<number> {
  const { output } = unwrap(await shell.run("dmesg | grep -m 1 'Run /.* as init process'"));
  const [, seconds] = /^\[ *(\d+\.\d+)\]/m.exec(output) ?? [];
  return Number(seconds);
}
