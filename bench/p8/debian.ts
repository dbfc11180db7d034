import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../peer.ts';

/** The inits that Debian can be started by. */
export const DEBIAN_INITS = ['systemd', 'sysvinit', 'busybox'] as const;
export type DebianInit = (typeof DEBIAN_INITS)[number];

/** The password of root on what is measured: nothing of it is reachable from anywhere. */
export const PASSWORD = 'measured';

/** Packages behind `minbase`. The cloud kernel is built without USB, so it is Debian's usual one, with its initrd. */
const PACKAGES: Readonly<Record<DebianInit, readonly string[]>> = {
  systemd: ['systemd-sysv', 'udev', 'dbus'],
  sysvinit: ['sysvinit-core', 'initscripts', 'udev'],
  busybox: ['busybox'],
};

const COMMON = [
  ...['linux-image-amd64', 'initramfs-tools', 'zstd', 'e2fsprogs', 'login', 'passwd', 'mount'],
  // Without it, apt brings all of Perl for a move of folders that the hook has made by then.
  'usr-is-merged',
];

/** What mmdebstrap is asked for, besides packages. The tree is thrown away when power is cut, so nothing is synced. */
const OPTIONS = [
  ...['--quiet', '--mode=root', '--variant=minbase', '--dpkgopt=force-unsafe-io'],
  '--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr',
];

const MOUNT_ALL = `#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mountpoint -q /dev || mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /run
mount -o remount,rw /
hostname -F /etc/hostname
`;

/** What each init is told beside what its packages bring: a login on the serial line, as ours has one. */
const FILES: Readonly<Record<DebianInit, Readonly<Record<string, string>>>> = {
  // Its generator starts a login on every console of the kernel's command line by itself.
  systemd: {},
  sysvinit: { 'etc/inittab.more': 'T0:2345:respawn:/sbin/agetty --local-line 115200 ttyS0 vt100\n' },
  busybox: {
    'etc/rcS': MOUNT_ALL,
    'etc/inittab': `::sysinit:/bin/sh /etc/rcS
tty1::respawn:/sbin/agetty --noclear tty1 linux
ttyS0::respawn:/sbin/agetty --local-line 115200 ttyS0 vt100
::shutdown:/bin/umount -a -r
`,
  },
};

const SETTLE: Readonly<Record<DebianInit, string>> = {
  systemd: 'true',
  sysvinit: 'cat "$1/etc/inittab.more" >> "$1/etc/inittab"',
  busybox: 'ln -sf /bin/busybox "$1/sbin/init"',
};

/** Where apt learns of Debian's archive on this machine. */
export const DEBIAN_SOURCES = '/etc/apt/sources.list.d/debian.sources';

/** Everything that decides a tree, besides what Debian's archive has that day. */
export function debianRecipe(init: DebianInit): unknown {
  return [mmdebstrapArgv(init, '.'), FILES[init]];
}

function mmdebstrapArgv(init: DebianInit, folder: string): string[] {
  const hook = (text: string): string => `--customize-hook=${text}`;
  return [
    ...['mmdebstrap', ...OPTIONS, `--include=${[...COMMON, ...PACKAGES[init]].join(',')}`],
    hook(`echo root:${PASSWORD} | chroot "$1" chpasswd`),
    hook('echo debian > "$1/etc/hostname"'),
    hook('echo "LABEL=debian / ext4 noatime 0 1" > "$1/etc/fstab"'),
    ...Object.keys(FILES[init]).map((path) => hook(`upload ${join(folder, path)} /${path}`)),
    hook(SETTLE[init]),
    ...['bookworm', join(folder, 'root'), DEBIAN_SOURCES],
  ];
}

/** Makes the tree of a minimal Debian with this init, in a folder of its own. Needs root, as mmdebstrap does here. */
export async function makeDebianTree(init: DebianInit, folder: string, env: Env): Promise<string> {
  await writeAll(folder, FILES[init]);
  await mustRun(mmdebstrapArgv(init, folder), folder, env);
  return join(folder, 'root');
}

/** The versions of kernel and init that a tree has. */
export async function versionsIn(tree: string, env: Env): Promise<Record<string, string>> {
  const answer = await mustRun(['dpkg-query', `--admindir=${tree}/var/lib/dpkg`, '--show'], '/', env);
  const packages = answer
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const isOfBoot = (name: string): boolean => /^(linux-image-\d.*|systemd|sysvinit-core|busybox)$/.test(name);
  return Object.fromEntries(packages.filter(([name = '']) => isOfBoot(name)));
}

type Env = Readonly<Record<string, string>>;

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(folder, 'etc'), { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
}
