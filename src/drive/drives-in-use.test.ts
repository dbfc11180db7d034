import {
  type Case,
  FIXED,
  IMAGE,
  layer,
  loop,
  machineWith,
  STICK,
  SYSTEM,
  testCases,
} from './testing-cases.ts';

const SYSTEM_CASES: readonly Case[] = [
  {
    title: 'the disk with /',
    machine: machineWith(),
    name: 'sda',
    kinds: ['system-disk', 'system-disk', ...FIXED],
  },
  {
    title: 'the disk with /, its serial typed',
    machine: machineWith(),
    name: 'sda',
    request: { typedSerial: 'S3Z2' },
    kinds: ['system-disk', 'system-disk'],
  },
  {
    title: 'the partition with /',
    machine: machineWith(),
    name: 'sda2',
    kinds: ['partition', 'system-disk', 'system-disk', ...FIXED],
  },
  {
    title: 'a free partition of the system disk',
    machine: machineWith(),
    name: 'sda3',
    kinds: ['partition', 'system-disk', 'system-disk', ...FIXED],
  },
  ...['/usr', '/boot', '/boot/efi', '/home', '/var'].map((folder) => ({
    title: `a stick with ${folder} of the running system`,
    machine: machineWith({ mounts: [`sdb1 ${folder} ext4`] }),
    kinds: ['system-disk' as const],
  })),
  {
    title: 'a stick with / through LUKS and LVM',
    machine: machineWith({
      disks: {
        'dm-0': layer('253:0', ['sdb2'], { 'dm/uuid': 'CRYPT-LUKS2-0123-root' }),
        'dm-1': layer('253:1', ['dm-0'], { 'dm/uuid': 'LVM-abcd' }),
      },
      mounts: ['dm-1 / ext4'],
    }),
    kinds: ['encrypted', 'lvm', 'system-disk'],
  },
  {
    title: 'a stick with a half of the RAID that holds /usr',
    machine: machineWith({ disks: { md127: layer('9:127', ['sda3', 'sdb2']) }, mounts: ['md127 /usr ext4'] }),
    kinds: ['raid', 'system-disk'],
  },
  {
    title: 'a stick that the live system runs from: / is an overlay over a file on it',
    machine: {
      files: { '/run/live/fs.squashfs': 'sdb1', '/run/rootfs': 'loop0', [IMAGE]: 'sda2' },
      disks: { sda: SYSTEM, sdb: STICK, loop0: loop('/run/live/fs.squashfs') },
      mounts: [
        'sdb1 /run/live vfat',
        'loop0 /run/rootfs squashfs',
        '0:30 / overlay overlay lowerdir=/run/rootfs,upperdir=/run/rw',
      ],
    },
    kinds: ['mounted', 'held', 'system-disk'],
  },
  {
    title: 'a stick that process 1 sees as /boot, while we are in a container',
    machine: machineWith({ mounts: ['in 1: sdb1 /boot ext4'] }),
    kinds: ['system-disk'],
  },
];

testCases('the system disk', SYSTEM_CASES);

const USE_CASES: readonly Case[] = [
  { title: 'mounted as a whole', machine: machineWith({ mounts: ['sdb /mnt vfat'] }), kinds: ['mounted'] },
  {
    title: 'one partition is mounted',
    machine: machineWith({ mounts: ['sdb2 /media/me/My\\040Stick vfat'] }),
    kinds: ['mounted'],
  },
  {
    title: 'both partitions are mounted, one of them twice',
    machine: machineWith({ mounts: ['sdb1 /a vfat', 'sdb1 /b vfat', 'sdb2 /c ext4'] }),
    kinds: ['mounted', 'mounted'],
  },
  {
    title: 'mounted by FUSE, which has a number of its own',
    machine: machineWith({ mounts: ['0:50 /mnt fuse /dev/sdb1'] }),
    kinds: ['mounted'],
  },
  {
    title: 'mounted in another mount namespace',
    machine: machineWith({ mounts: ['in 4711: sdb1 /data ext4'] }),
    kinds: ['mounted'],
  },
  { title: 'swapped to, a partition', machine: machineWith({ swaps: ['/dev/sdb2'] }), kinds: ['swap'] },
  { title: 'swapped to, the whole', machine: machineWith({ swaps: ['/dev/sdb'] }), kinds: ['swap'] },
  {
    title: 'swapped to through an encrypted mapping',
    machine: machineWith({
      disks: { 'dm-3': layer('253:3', ['sdb2'], { 'dm/uuid': 'CRYPT-PLAIN-swap' }) },
      swaps: ['/dev/dm-3'],
    }),
    kinds: ['encrypted', 'swap'],
  },
  {
    title: 'a member of a RAID that nobody has mounted',
    machine: machineWith({ disks: { md0: layer('9:0', ['sdb1']) } }),
    kinds: ['raid'],
  },
  {
    title: 'a whole member of a RAID, whose bytes say nothing',
    machine: machineWith({ disks: { md0: layer('9:0', ['sdb']) } }),
    kinds: ['raid'],
  },
  {
    title: 'in an active group of LVM',
    machine: machineWith({ disks: { 'dm-5': layer('253:5', ['sdb'], { 'dm/uuid': 'LVM-xyz' }) } }),
    kinds: ['lvm'],
  },
  {
    title: 'an opened LUKS',
    machine: machineWith({ disks: { 'dm-6': layer('253:6', ['sdb1'], { 'dm/uuid': 'CRYPT-LUKS1-x' }) } }),
    kinds: ['encrypted'],
  },
  {
    title: 'under a mapping of unknown making',
    machine: machineWith({ disks: { 'dm-7': layer('253:7', ['sdb'], { 'dm/uuid': 'mpath-36' }) } }),
    kinds: ['held'],
  },
  {
    title: 'under a bcache',
    machine: machineWith({ disks: { bcache0: layer('252:0', ['sdb1']) } }),
    kinds: ['bcache'],
  },
  {
    title: 'a device of a mounted btrfs that mountinfo names by its other device',
    machine: machineWith({ btrfs: { c0ffee: ['sda3', 'sdb1'] }, mounts: ['0:40 /pool btrfs /dev/sda3'] }),
    kinds: ['btrfs'],
  },
  {
    title: 'a loop device stands for its partition',
    machine: machineWith({ disks: { loop0: loop('/dev/sdb1') } }),
    kinds: ['held'],
  },
  {
    title: 'a loop device stands for its partition, and is mounted',
    machine: machineWith({ disks: { loop0: loop('/dev/sdb1') }, mounts: ['loop0 /mnt ext4'] }),
    kinds: ['held', 'mounted'],
  },
];

testCases('a drive in use', USE_CASES);
