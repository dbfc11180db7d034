import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openDrive } from './open-drive.ts';
import { permitDrive } from './permit-drive.ts';
import {
  type Case,
  card,
  FIRST,
  FIXED,
  loop,
  machineWith,
  requestFor,
  SECOND,
  testCases,
} from './testing-cases.ts';
import { gptOf, HEADERS } from './testing-formats.ts';
import { type FakeWorld, fakeWorld, GB } from './testing-world.ts';

const fixed = { attributes: { removable: '0' } };

const IDENTITY_CASES: readonly Case[] = [
  { title: 'a stick', machine: machineWith(), kinds: [] },
  { title: 'a stick, by its serial', machine: machineWith(), request: { typedSerial: '4C5300' }, kinds: [] },
  {
    title: 'a stick, by a link',
    machine: machineWith({ links: { stick: 'sdb' } }),
    name: 'stick',
    kinds: [],
  },
  {
    title: 'a stick with ext4, FAT and an old swap on it',
    machine: machineWith({
      stick: { contents: [...gptOf(FIRST, SECOND), ...HEADERS.ext4(FIRST), ...HEADERS.swap(SECOND)] },
    }),
    kinds: [],
  },
  {
    title: 'an SD card',
    machine: machineWith({ disks: { mmcblk0: card('SD') } }),
    name: 'mmcblk0',
    kinds: [],
  },
  {
    title: 'a soldered eMMC',
    machine: machineWith({ disks: { mmcblk0: card('MMC') } }),
    name: 'mmcblk0',
    kinds: FIXED,
  },
  {
    title: 'another serial',
    machine: machineWith(),
    request: { typedSerial: '4C5301' },
    kinds: ['other-serial'],
  },
  {
    title: 'a serial in small letters',
    machine: machineWith(),
    request: { typedSerial: '4c5300' },
    kinds: ['other-serial'],
  },
  { title: 'an empty serial', machine: machineWith(), request: { typedSerial: '' }, kinds: ['other-serial'] },
  { title: 'a USB disk that is not removable', machine: machineWith({ stick: fixed }), kinds: FIXED },
  {
    title: 'a USB disk that is not removable, by its serial',
    machine: machineWith({ stick: fixed }),
    request: { typedSerial: '4C5300' },
    kinds: [],
  },
  {
    title: 'a USB disk that is not removable, by another serial',
    machine: machineWith({ stick: fixed }),
    request: { typedSerial: 'S3Z2' },
    kinds: ['other-serial'],
  },
  {
    title: 'a disk that is not removable and has no serial',
    machine: machineWith({ stick: { ...fixed, usbSerial: undefined } }),
    request: { typedSerial: 'sdb' },
    kinds: ['no-serial'],
  },
  {
    title: 'more than 256 GB',
    machine: machineWith({ stick: { sizeBytes: 256 * GB + 512 } }),
    kinds: ['large'],
  },
  { title: '256 GB', machine: machineWith({ stick: { sizeBytes: 256 * GB } }), kinds: [] },
  {
    title: 'more than 256 GB, by its serial',
    machine: machineWith({ stick: { sizeBytes: 512 * GB } }),
    request: { typedSerial: '4C5300' },
    kinds: [],
  },
  { title: 'a stick without a serial', machine: machineWith({ stick: { usbSerial: undefined } }), kinds: [] },
  {
    title: 'a stick without a serial, though one is typed',
    machine: machineWith({ stick: { usbSerial: undefined } }),
    request: { typedSerial: 'sdb' },
    kinds: ['no-serial'],
  },
  {
    title: 'one of two sticks with the same serial, by that serial',
    machine: machineWith({ disks: { sdc: { number: '8:32', usbSerial: '4C5300' } } }),
    request: { typedSerial: '4C5300' },
    kinds: ['no-serial'],
  },
  {
    title: 'a loop device without its file typed',
    machine: machineWith({ disks: { loop0: loop('/var/disk.img') } }),
    name: 'loop0',
    kinds: FIXED,
  },
];

testCases('which drive it is', IDENTITY_CASES);

describe('between confirmation and opening', () => {
  const changes: readonly (readonly [string, (world: FakeWorld) => Promise<void>, RegExp])[] = [
    [
      'plugged in anew',
      (world) => world.set('sdb', 'diskseq', '99'),
      /disk sequence number: 816 was .*99 is/,
    ],
    ['of another size', (world) => world.set('sdb', 'size', '1000'), /size in bytes/],
    [
      'of another serial',
      (world) => world.setUsb('sdb', 'serial', 'other'),
      /serial: 4C5300 was .* other is/,
    ],
    ['another number', (world) => world.set('sdb', 'dev', '8:48'), /device number/],
  ];
  for (const [title, change, reason] of changes) {
    test(`a drive that is ${title} is not opened`, async () => {
      await using world = await fakeWorld(machineWith());
      const permitted = await permitDrive(requestFor(world, 'sdb'), world);
      assert.ok(permitted.ok);
      const before = await world.digests();
      await change(world);
      const opened = await openDrive(permitted.value, world);
      assert.ok(!opened.ok);
      assert.equal(opened.problem.kind, 'refused');
      assert.match(opened.problem.details?.[0] ?? '', reason);
      assert.deepEqual(await world.digests(), before);
    });
  }

  test('a link that leads elsewhere by then makes no difference: what it led to was permitted', async () => {
    await using world = await fakeWorld(machineWith({ links: { stick: 'sdb' } }));
    const permitted = await permitDrive(requestFor(world, 'stick'), world);
    await world.link('stick', 'sda');
    assert.ok(permitted.ok);
    assert.equal(permitted.value.path, world.dev('sdb'));
  });
});
