import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listDrives } from './list-drives.ts';
import { permitDrive } from './permit-drive.ts';
import {
  type Case,
  card,
  FIXED,
  IMAGE,
  layer,
  loop,
  machineWith,
  requestFor,
  SIZE_BYTES,
  testCases,
} from './testing-cases.ts';
import { fakeWorld, GB } from './testing-world.ts';

const NATURE_CASES: readonly Case[] = [
  { title: 'a partition', machine: machineWith(), name: 'sdb1', kinds: ['partition'] },
  { title: 'nothing of that name', machine: machineWith(), name: 'sdz', kinds: ['missing'] },
  { title: 'a folder', machine: machineWith(), name: '', kinds: ['not-a-block-device'] },
  {
    title: 'a link that leads to the system disk',
    machine: machineWith({ links: { 'disk/by-id/usb-stick': 'sda' } }),
    name: 'disk/by-id/usb-stick',
    kinds: ['system-disk', 'system-disk', ...FIXED],
  },
  {
    title: 'a link that leads to a partition',
    machine: machineWith({ links: { 'disk/by-label/DATA': 'sdb2' } }),
    name: 'disk/by-label/DATA',
    kinds: ['partition'],
  },
  {
    title: 'a link that leads nowhere',
    machine: machineWith({ links: { 'disk/by-id/gone': 'sdq' } }),
    name: 'disk/by-id/gone',
    kinds: ['missing'],
  },
  {
    title: 'a card with its switch at read-only',
    machine: machineWith({ stick: { attributes: { ro: '1' } } }),
    kinds: ['read-only'],
  },
  {
    title: 'a reader without a card',
    machine: machineWith({ stick: { sizeBytes: 0 } }),
    kinds: ['no-medium'],
  },
  {
    title: 'sectors of 4096 bytes',
    machine: machineWith({ stick: { attributes: { 'queue/logical_block_size': '4096' } } }),
    kinds: ['sector-size'],
  },
  {
    title: 'a mapping itself',
    machine: machineWith({ disks: { 'dm-0': layer('253:0', ['sdb1'], { 'dm/uuid': 'LVM-a' }) } }),
    name: 'dm-0',
    kinds: ['virtual', 'no-serial'],
  },
  {
    title: 'a RAID itself',
    machine: machineWith({ disks: { md0: layer('9:0', ['sdb1']) } }),
    name: 'md0',
    kinds: ['virtual', 'no-serial'],
  },
  {
    title: 'a loop device that stands for the system disk',
    machine: machineWith({ disks: { loop0: loop('/dev/sda') } }),
    name: 'loop0',
    request: { typedSerial: '/dev/sda' },
    kinds: ['virtual'],
  },
  {
    title: 'compressed memory',
    machine: machineWith({ disks: { zram0: layer('254:0', []) }, swaps: ['/dev/zram0'] }),
    name: 'zram0',
    kinds: ['virtual', 'swap', 'no-serial'],
  },
  {
    title: 'an optical drive',
    machine: machineWith({
      disks: {
        sr0: { number: '11:0', usbSerial: 'DVD1', attributes: { 'queue/logical_block_size': '2048' } },
      },
    }),
    name: 'sr0',
    kinds: ['optical', 'sector-size'],
  },
  {
    title: 'a floppy drive',
    machine: machineWith({
      disks: { fd0: { number: '2:0', place: 'platform/floppy.0', sizeBytes: 1_474_560 } },
    }),
    name: 'fd0',
    kinds: ['floppy', 'too-small'],
  },
  {
    title: 'the boot area of an eMMC',
    machine: machineWith({ disks: { mmcblk0boot0: { number: '179:8', place: 'mmc0/mmc0:0001' } } }),
    name: 'mmcblk0boot0',
    kinds: ['partition'],
  },
  {
    title: 'read-only, without 512-byte sectors, too small, and mounted: all is said',
    machine: machineWith({
      stick: { sizeBytes: 1e5 * 512, attributes: { ro: '1', 'queue/logical_block_size': '4096' } },
      mounts: ['sdb1 /mnt ext4'],
    }),
    request: { imageBytes: 500_000_000 },
    kinds: ['sector-size', 'read-only', 'mounted', 'too-small'],
  },
];

testCases('what is no drive', NATURE_CASES);

const IMAGE_CASES: readonly Case[] = [
  {
    title: 'too small by one sector',
    machine: machineWith({ stick: { sizeBytes: 2 * GB - 512 } }),
    request: { imageBytes: 2 * GB },
    kinds: ['too-small'],
  },
  {
    title: 'exactly as large as the image',
    machine: machineWith(),
    request: { imageBytes: SIZE_BYTES },
    kinds: [],
  },
  {
    title: 'holds the image',
    machine: machineWith({ files: { [IMAGE]: 'sdb2' }, mounts: ['sdb2 /home/me vfat'] }),
    kinds: ['mounted', 'holds-image'],
  },
  {
    title: 'holds the image, and is not mounted any more (umount --lazy)',
    machine: machineWith({ files: { [IMAGE]: 'sdb2' } }),
    kinds: ['holds-image'],
  },
  {
    title: 'holds the image through LUKS',
    machine: machineWith({
      files: { [IMAGE]: 'dm-0' },
      disks: { 'dm-0': layer('253:0', ['sdb1'], { 'dm/uuid': 'CRYPT-LUKS2-x' }) },
    }),
    kinds: ['encrypted', 'holds-image'],
  },
  {
    title: 'holds a file that is mounted by a loop device, with the image in it',
    machine: machineWith({
      files: { [IMAGE]: 'loop0', '/data/disk.img': 'sdb1' },
      disks: { loop0: loop('/data/disk.img') },
    }),
    kinds: ['held', 'holds-image'],
  },
  {
    title: 'holds the image in the upper folder of an overlay',
    machine: machineWith({
      files: { [IMAGE]: '0:60', '/upper': 'sdb1' },
      mounts: ['0:60 /home/me overlay overlay lowerdir=/lower,upperdir=/upper,workdir=/work'],
    }),
    kinds: ['mounted', 'holds-image'],
  },
  {
    title: 'holds the image in a btrfs, whose files have a number of their own',
    machine: machineWith({ files: { [IMAGE]: '0:99' }, mounts: ['0:61 /home/me btrfs /dev/sdb1'] }),
    kinds: ['mounted', 'holds-image'],
  },
  {
    title: 'the loop device that stands for the image',
    machine: machineWith({ disks: { loop0: loop(IMAGE) } }),
    name: 'loop0',
    request: { typedSerial: IMAGE },
    kinds: ['holds-image'],
  },
];

testCases('a drive and its image', IMAGE_CASES);

test('the list has every drive once, and says of each what permitting it would say', async () => {
  await using world = await fakeWorld(
    machineWith({ disks: { loop0: layer('7:0', []), mmcblk0: card('SD') }, mounts: ['sdb1 /mnt vfat'] }),
  );
  const listed = await listDrives(world);
  assert.deepEqual(
    listed.map(({ drive, refusals }) => [drive.name, refusals.map(({ kind }) => kind)]),
    [
      ['mmcblk0', []],
      ['sda', ['system-disk', 'system-disk', 'not-removable']],
      ['sdb', ['mounted']],
    ],
  );
});

test('a refusal names the drive, every reason and what can be done', async () => {
  await using world = await fakeWorld(
    machineWith({ links: { stick: 'sdb' }, mounts: ['sdb2 /media/me/My\\040Stick vfat'] }),
  );
  const permitted = await permitDrive(requestFor(world, 'stick', { imageBytes: 40 * GB }), world);
  assert.ok(!permitted.ok);
  const text = JSON.stringify(permitted.problem, null, 1).replaceAll(world.devFolder, '/dev');
  assert.deepEqual(JSON.parse(text), {
    kind: 'refused',
    subject: '/dev/sdb',
    message: '/dev/stick is /dev/sdb. /dev/sdb (SanDisk Ultra) is not written',
    details: [
      'mounted: sdb2, on sdb, is mounted at /media/me/My Stick',
      'too-small: sdb has 29.8 GiB, 7.5 GiB less than the image needs',
    ],
    hint: "When nobody needs what is on it: umount '/media/me/My Stick'\nUse a drive of at least 37.3 GiB",
  });
});
