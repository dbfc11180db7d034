import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap } from '#base';
import { copyImage, logIn, type Machine, putOnEsp, sha512Crypt, startMachine } from '#boot';
import { assembleImage } from '../assemble-image.ts';
import { mustRun } from '../peer.ts';
import type { BenchContext } from '../row.ts';
import { PASSWORD } from './debian.ts';

type Env = Readonly<Record<string, string>>;

/** The image of a profile, as it is after its first boot; undefined where the store does not have it. */
export async function makeOurs(
  profile: string,
  accel: Machine['accel'],
  { env, context }: { readonly env: Env; readonly context: BenchContext },
): Promise<string | undefined> {
  const results = await assembleImage(profile, join(context.folder, 'ours'), context);
  if (results === undefined) return undefined;
  const folder = join(context.folder, profile);
  await mkdir(folder, { recursive: true });
  const stick = unwrap(await copyImage(join(results, 'blazeneuro.img'), folder, env));
  const text = `ROOT_PASSWORD_HASH=${sha512Crypt(PASSWORD, 'bench')}\n`;
  unwrap(await putOnEsp(stick, { name: 'blazeneuro.conf', text }, env));
  context.say(`the first boot of ${profile}`);
  await bootOnce(stick.path, accel, env);
  return stick.path;
}

/** The first boot applies settings and makes what is the stick's own; what people meet is every other boot. */
async function bootOnce(path: string, accel: Machine['accel'], env: Env): Promise<void> {
  await using machine = startMachine(
    {
      firmware: { kind: 'bios' },
      bus: 'virtio',
      accel,
      memoryMiB: 512,
      cpus: 2,
      network: 'none',
      drive: { path, format: 'raw', forgetful: false },
      endsOnReboot: true,
    },
    { env },
  );
  unwrap(await machine.waitFor(/login: /, { what: 'a login prompt', timeLimitMs: 300_000 }));
  unwrap(await logIn(machine.console, { user: 'root', password: PASSWORD }));
  machine.console.type('poweroff\n');
  unwrap(await machine.waitForPowerOff(60_000));
}

/**
 * The floor: the same firmware, loader and kernel from the same stick, without initrd, and in init's place a program
 * that prints one word, and ends.
 */
export async function makeFloor(ours: string, folder: string, env: Env): Promise<string> {
  await mkdir(folder, { recursive: true });
  const stick = unwrap(await copyImage(ours, folder, env));
  const root = await partUuidOfRoot(stick.path, env);
  const menu = `set timeout=0
linux /vmlinuz root=PARTUUID=${root} rootfstype=ext4 rootwait ro usb-storage.delay_use=100ms quiet console=tty0 console=ttyS0,115200 init=/usr/bin/printf -- login:_
boot
`;
  unwrap(await putOnEsp(stick, { name: 'grub/grub.cfg', text: menu }, env));
  const path = join(folder, 'floor.img');
  await rename(stick.path, path);
  return path;
}

async function partUuidOfRoot(image: string, env: Env): Promise<string> {
  return (await mustRun(['sfdisk', '--part-uuid', image, '2'], '/', env)).trim();
}
