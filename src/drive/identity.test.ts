import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readMachine } from './machine.ts';
import { type FakeDisk, fakeWorld } from './testing-world.ts';

type Known = readonly [
  bus: string,
  maker: string | undefined,
  model: string | undefined,
  serial: string | undefined,
];

const CASES: readonly (readonly [title: string, name: string, disk: FakeDisk, known: Known])[] = [
  [
    'a stick, by its USB device',
    'sdb',
    { number: '8:16', usbSerial: '4C53' },
    ['usb', 'SanDisk', 'Ultra', '4C53'],
  ],
  [
    'a SATA disk, by the page that SCSI has for it',
    'sda',
    {
      number: '8:0',
      place: 'pci0/ata3/host2/2:0:0:0',
      attributes: {
        'device/vendor': 'ATA     ',
        'device/model': 'Samsung SSD 860 ',
        'device/vpd_pg80': '\0\0\0\x14S3Z2NB0K       ',
        'device/wwid': 'naa.5002538e',
      },
    },
    ['sata', 'ATA', 'Samsung SSD 860', 'S3Z2NB0K'],
  ],
  [
    'an NVMe drive, by its controller',
    'nvme0n1',
    {
      number: '259:0',
      place: 'pci0/0000:01/nvme/nvme0',
      attributes: { 'device/model': 'Samsung 980', 'device/serial': 'S64D ', wwid: 'eui.0025' },
    },
    ['nvme', undefined, 'Samsung 980', 'S64D'],
  ],
  [
    'a memory card',
    'mmcblk0',
    {
      number: '179:0',
      place: 'pci0/mmc0/mmc0:aaaa',
      attributes: { 'device/type': 'SD', 'device/name': 'SD32G', 'device/serial': '0xc0ffee' },
    },
    ['mmc', undefined, 'SD32G', '0xc0ffee'],
  ],
  [
    'a disk of a virtual machine, whose vendor is but a number',
    'vda',
    { number: '254:0', place: 'pci0/virtio1', attributes: { 'device/vendor': '0x1af4', serial: 'disk-1' } },
    ['virtio', undefined, undefined, 'disk-1'],
  ],
  [
    'a disk with nothing but a name that is unique in the world',
    'sdc',
    { number: '8:32', place: 'pci0/host5/5:0:0:0', attributes: { 'device/wwid': 't10.IET  0001' } },
    ['scsi', undefined, undefined, 't10.IET 0001'],
  ],
  [
    'a loop device, by its file',
    'loop0',
    { number: '7:0', place: 'virtual', attributes: { 'loop/backing_file': '/var/disk.img' } },
    ['loop', undefined, undefined, '/var/disk.img'],
  ],
  [
    'a device whose text would steer the terminal',
    'sdd',
    {
      number: '8:48',
      place: 'pci0/host6/6:0:0:0',
      attributes: { 'device/model': 'E\u001b[2Jvil\u202e stick' },
    },
    ['scsi', undefined, 'E\\x1b[2Jvil stick', undefined],
  ],
];

describe('who a drive is', () => {
  for (const [title, name, disk, known] of CASES) {
    test(title, async () => {
      await using world = await fakeWorld({ disks: { [name]: disk } });
      const { bus, vendor, model, serial } = (await readMachine(world)).devices.get(name)?.identity ?? {};
      assert.deepEqual([bus, vendor, model, serial], known);
    });
  }
});

test('the paths of a multipath NVMe are no drives', async () => {
  const attributes = { hidden: '1' };
  await using world = await fakeWorld({
    disks: { nvme0c0n1: { number: '259:1', place: 'nvme', attributes } },
  });
  assert.equal((await readMachine(world)).devices.size, 0);
});
