import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, type HostPath, startDigest, unwrap } from '#base';
import type { Bench, Scenario } from './bench.ts';
import { failed, type Judgement, passed, splitParts } from './check.ts';
import { bootAndLogIn, newHash, newPassword, SETTINGS_FILE } from './login-steps.ts';
import { copyImage, putOnEsp, readFromEsp, type ThrowAwayStick } from './throw-away-stick.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const MENU_FILE = 'grub/grub.cfg';
/** What the loader takes from the ESP. */
const LOADED_FILES = ['vmlinuz', 'initrd.img', MENU_FILE];
/** The firmware starts first. */
const LOADER_TIME_LIMIT_MS = 120_000;

/** What a running system says of where it comes from, and what of its drives it uses. */
const WHERE_FROM = [
  'echo == hostname; cat /proc/sys/kernel/hostname',
  "echo == asked; grep -o 'root=PARTUUID=[^ ]*' /proc/cmdline",
  'root=$(findmnt -n -o SOURCE /)',
  'echo == root; blkid -o value -s PARTUUID "$root"',
  'echo == drive; lsblk -n -d -o PKNAME "$root"',
  'echo == sticks; lsblk -n -o PKNAME,PARTUUID | grep -E "^sd.* ."',
  'echo == mounted; grep -o "^/dev/sd[^ ]*" /proc/mounts',
].join('; ');

/** A stick with a name and a password of its own. */
type MarkedStick = {
  readonly stick: ThrowAwayStick;
  readonly hostname: string;
  readonly password: string;
  readonly partuuid: string;
};

/** Which of two sticks, in ports that stay the same, the firmware starts. */
type Start = { readonly sticks: readonly [MarkedStick, MarkedStick]; readonly chosen: 0 | 1 };

/**
 * Two sticks that were flashed from one image, in one machine: whichever the firmware starts, loader, kernel, initrd and
 * root come from that one, and not a byte of the other changes.
 */
export function twoSticksScenario(otherPath: HostPath): Scenario {
  return {
    name: 'two sticks in one machine',
    run: async (bench) => {
      const other = await copyInto(bench, 'other', otherPath);
      const sticks = [await mark(bench, bench.stick, 'one'), await mark(bench, other, 'two')] as const;
      await bench.step('start the first', () => startOne(bench, { sticks, chosen: 0 }));
      await bench.step('start the second', () => startOne(bench, { sticks, chosen: 1 }));
    },
  };
}

async function startOne(bench: Bench, { sticks, chosen }: Start): Promise<void> {
  const started = sticks[chosen];
  const beside = await copyInto(
    bench,
    `beside-${started.hostname}`,
    sticks[(1 - chosen) as 0 | 1].stick.path,
  );
  // A kernel, an initrd or a menu that was found on the wrong stick would start nothing.
  for (const name of LOADED_FILES) {
    unwrap(await putOnEsp(beside, { name, text: 'This is of the other stick.\n' }, bench.env));
  }
  const before = await digestOf(beside.path);
  const ports = chosen === 0 ? ([started.stick, beside] as const) : ([beside, started.stick] as const);
  const inserted = {
    stick: ports[0],
    secondDrive: { path: ports[1].path, bus: 'usb', isChosen: chosen === 1 },
  } as const;
  const look = (machine: VirtualMachine) => lookByLoader(bench, machine);
  await bootAndLogIn(bench, { ...inserted, password: started.password, before: look }, async (shell) => {
    const { output } = unwrap(await shell.run(WHERE_FROM));
    const where = judgeWhereFrom(output, started);
    bench.record({ name: `all is of the stick ${started.hostname}`, command: WHERE_FROM, output, ...where });
  });
  const after = await digestOf(beside.path);
  const same = after === before ? passed(`sha256:${after}`) : failed(`sha256:${before} became ${after}`);
  bench.record({ name: 'not a byte of the other stick changed', ...same });
}

/** Unless the loader can see both sticks, it proves nothing that it takes the right one. */
async function lookByLoader(bench: Bench, machine: VirtualMachine): Promise<void> {
  const options = { what: "the loader's list of drives", timeLimitMs: LOADER_TIME_LIMIT_MS };
  const [list] = unwrap(await machine.waitFor(/\(hd\d.*?listed/s, options));
  const seen = new Set(list.match(/\(hd\d+,gpt1\)/g));
  const both = seen.size === 2 ? passed([...seen].join(' ')) : failed(`it sees ${list.trim()}`);
  bench.record({ name: 'the loader sees both sticks', ...both });
}

/** Judges what a system said of where it comes from. */
export function judgeWhereFrom(
  output: string,
  wanted: { readonly hostname: string; readonly partuuid: string },
): Judgement {
  const parts = splitParts(output);
  const [hostname, asked, root, drive = ''] = ['hostname', 'asked', 'root', 'drive'].map(
    (name) => parts.get(name)?.[0],
  );
  if (hostname !== wanted.hostname) return failed(`its name is ${hostname}`);
  if (asked !== `root=PARTUUID=${wanted.partuuid}`) return failed(`the kernel was told ${asked}`);
  if (root !== wanted.partuuid) return failed(`the root is ${root}`);
  const partitions = (parts.get('sticks') ?? []).map((line) => line.split(/\s+/));
  const names = new Set(partitions.map(([, partuuid]) => partuuid));
  const drives = new Set(partitions.map(([name]) => name));
  if (drives.size !== 2 || names.size !== 6)
    return failed(`no two sticks with names of their own: ${output}`);
  const foreign = (parts.get('mounted') ?? []).filter((device) => !device.startsWith(`/dev/${drive}`));
  if (drive === '' || foreign.length > 0) return failed(`mounted from another drive: ${foreign.join(' ')}`);
  return passed(`${root} on ${drive}`);
}

/** Gives a stick a name, a password, and a menu that tells which drives the loader sees. */
async function mark(bench: Bench, stick: ThrowAwayStick, hostname: string): Promise<MarkedStick> {
  const menu = unwrap(await readFromEsp(stick, MENU_FILE, bench.env));
  unwrap(await putOnEsp(stick, { name: MENU_FILE, text: `${menu}ls\necho listed\n` }, bench.env));
  const password = newPassword();
  const text = `HOSTNAME=${hostname}\nROOT_PASSWORD_HASH=${newHash(password)}\n`;
  unwrap(await putOnEsp(stick, { name: SETTINGS_FILE, text }, bench.env));
  return { stick, hostname, password, partuuid: stick.root?.partuuid ?? '' };
}

async function copyInto(bench: Bench, name: string, path: HostPath): Promise<ThrowAwayStick> {
  const folder = join(bench.folder, name);
  await mkdir(folder);
  return unwrap(await copyImage(path, folder, bench.env));
}

async function digestOf(path: HostPath): Promise<Digest> {
  const digest = startDigest();
  for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 })) digest.update(bytes);
  return digest.end();
}
