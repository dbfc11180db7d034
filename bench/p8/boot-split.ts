import { unwrap } from '#base';
import { copyFirmware, findFirmware, type GuestShell, logIn, type Machine, startMachine } from '#boot';
import { CLOCKS, firstProgramMs } from './kernel-clock.ts';

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
  run: { readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal },
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
    run,
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
  const kernelMs = firstProgramMs(unwrap(await shell.run(CLOCKS)).output);
  return {
    ...known,
    loaderMs: kernelAtMs - loaderAtMs,
    kernelMs,
    initMs: loginAtMs - kernelAtMs - kernelMs,
  };
}

/** When the kernel's clock began, on ours. An answer may come late but never early: the quickest of several counts. */
async function kernelBegan(shell: GuestShell, nowMs: () => number): Promise<number> {
  const began: number[] = [];
  for (let question = 0; question < 5; question += 1) {
    // By builtins: no program has to be started first.
    const { output } = unwrap(await shell.run('read -r uptime _ < /proc/uptime; echo "$uptime"'));
    began.push(nowMs() - 1000 * Number(output));
  }
  return Math.min(...began);
}
