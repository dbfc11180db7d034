import { randomBytes } from 'node:crypto';
import { access, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostPath, isErrno, unwrap } from '#base';
import { copyImage, putOnEsp, sha512Crypt, startMachine, type ThrowAwayStick } from '#boot';
import { type Bench, quickMachine } from './bench.ts';
import { powerOff, reachLogin } from './guest.ts';
import { PROGRAM_ENV } from './programs.ts';

/** What a recording starts from: a drive, and the password that lets root in. */
export type Base = { readonly drive: HostPath; readonly password: string; readonly passwordHash: string };

/** The name of the job on the guest, and where it writes. */
export const JOB_FILE = '/root/powercut-job';
export const JOB_PLACE = '/var/lib/powercut';

/** A stick that was used before: its first boot is over, and it has the job. */
export function usedStick(bench: Bench): Promise<Base> {
  return keep(bench, 'used', async (stick, password) => {
    const text = await readFile(join(import.meta.dirname, 'job.sh'), 'utf8');
    unwrap(await putOnEsp(stick, { name: 'powercut.sh', text }, PROGRAM_ENV));
    const drive = { path: stick.path, format: 'raw', forgetful: false } as const;
    await using machine = startMachine(quickMachine(bench, drive), { env: PROGRAM_ENV });
    const { shell } = unwrap(await reachLogin(machine, password));
    const take = `mount /boot/efi && cp /boot/efi/powercut.sh ${JOB_FILE} && umount /boot/efi && sync`;
    const { exitCode, output } = unwrap(await shell.run(take));
    if (exitCode !== 0) throw new Error(`The job was not taken from the ESP: ${output}`);
    unwrap(await powerOff(machine));
  });
}

/** A stick that was never booted, on a drive that has far more room than the image. */
export function newStick(bench: Bench, sizeBytes: number): Promise<Base> {
  return keep(bench, `new-${sizeBytes}`, (stick) => truncate(stick.path, sizeBytes));
}

/** Makes a base once, and keeps it for later runs. */
async function keep(
  bench: Bench,
  name: string,
  prepare: (stick: ThrowAwayStick, password: string) => Promise<void>,
): Promise<Base> {
  const [drive, about] = [join(bench.folder, `${name}.img`), join(bench.folder, `${name}.json`)];
  if (await exists(about))
    return { drive, ...(JSON.parse(await readFile(about, 'utf8')) as Omit<Base, 'drive'>) };
  const folder = await mkdtemp(join(bench.folder, 'making-'));
  try {
    const password = randomBytes(12).toString('base64url');
    const passwordHash = sha512Crypt(password, randomBytes(8).toString('hex'));
    const stick = unwrap(await copyImage(bench.image, folder, PROGRAM_ENV));
    const text = `HOSTNAME=powercut\nROOT_PASSWORD_HASH=${passwordHash}\n`;
    unwrap(await putOnEsp(stick, { name: 'blazeneuro.conf', text }, PROGRAM_ENV));
    await prepare(stick, password);
    await rename(stick.path, drive);
    // It comes last: a base without it is made anew.
    await writeFile(about, JSON.stringify({ password, passwordHash }));
    return { drive, password, passwordHash };
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function exists(path: HostPath): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}
