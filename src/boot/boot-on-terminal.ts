import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, type HostPath, ok, type Result } from '#base';
import type { Emit } from '#event';
import { problemOf, runProgram } from '#process';
import { chooseAccel } from './accel.ts';
import { copyFirmware, findFirmware } from './firmware-files.ts';
import {
  type AccelChoice,
  type Bus,
  DEFAULT_MACHINE,
  type Firmware,
  type GuestDrive,
  type Machine,
} from './machine.ts';
import { qemuArgv } from './qemu-argv.ts';
import { copyImage, growToCard } from './throw-away-stick.ts';

/** How an image is booted for a person. */
export type TerminalOptions = {
  readonly firmware?: Firmware;
  readonly bus?: Bus;
  readonly accel?: AccelChoice;
  readonly memoryMiB?: number;
  readonly network?: Machine['network'];
  /** QEMU's environment; its serial console needs `TERM` no more than a real one does. */
  readonly env: Readonly<Record<string, string>>;
  readonly emit?: Emit;
};

/** How to leave QEMU, for people who never met it. */
export const HOW_TO_LEAVE = 'To leave: log in and type poweroff, or press Ctrl-A and then X.';

/** Boots an image on this terminal, and ends when the guest powers off. What is written to the stick is forgotten. */
export async function bootOnTerminal(image: HostPath, options: TerminalOptions): Promise<Result<undefined>> {
  const { firmware = 'uefi', bus = DEFAULT_MACHINE.bus, emit = () => {} } = options;
  const template = await findFirmware(firmware);
  if (!template.ok) return template;
  const { accel, reason } = await chooseAccel(options.accel ?? 'auto', options.env);
  emit({ type: 'note', level: 'info', message: `${firmware}, ${accel}: ${reason}` });
  emit({ type: 'note', level: 'info', message: `What the guest writes is forgotten. ${HOW_TO_LEAVE}` });

  const folder = await mkdtemp(join(tmpdir(), 'blazeneuro-boot-'));
  try {
    const drive = await driveOf(image, bus, folder, options.env);
    if (!drive.ok) return drive;
    const argv = qemuArgv({
      ...DEFAULT_MACHINE,
      firmware: await copyFirmware(template.value, folder),
      accel,
      bus,
      memoryMiB: options.memoryMiB ?? DEFAULT_MACHINE.memoryMiB,
      network: options.network ?? DEFAULT_MACHINE.network,
      drive: drive.value,
      serial: { kind: 'terminal' },
      control: null,
      endsOnReboot: false,
    });
    const streams = { stdin: 'inherit', stdout: 'inherit', stderr: 'inherit' } as const;
    const end = await runProgram({ argv, env: options.env, ...streams, foreground: true, dieWithUs: true });
    return end.succeeded ? ok(undefined) : fail(problemOf(end, { kind: 'boot-failed', subject: image }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The image itself, of which QEMU forgets what is written; as an SD card a copy, as cards have sizes of their own. */
async function driveOf(
  image: HostPath,
  bus: Bus,
  folder: HostPath,
  env: TerminalOptions['env'],
): Promise<Result<GuestDrive>> {
  if (bus !== 'sd') return ok({ path: image, format: 'raw', forgetful: true });
  const card = await copyImage(image, folder, env);
  if (!card.ok) return card;
  await growToCard(card.value);
  return ok({ path: card.value.path, format: 'raw', forgetful: false });
}
