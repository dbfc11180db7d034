import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Drive } from './drive.ts';
import { describeLoss, formatDriveSize, nameOfMaker, summarizeContents, wordToType } from './drive-words.ts';

const GIB = 1024 ** 3;

const STICK: Drive = {
  name: 'sdb',
  path: '/dev/sdb',
  sizeBytes: 31_914_983_424,
  logicalSectorBytes: 512,
  vendor: 'SanDisk',
  model: 'Ultra USB 3.0',
  serial: '4C530001',
  twins: [],
  diskSequence: '17',
  majorMinor: '8:16',
  bus: 'usb',
  isRemovable: true,
  isReadOnly: false,
  contents: {
    table: 'gpt',
    whole: [],
    partitions: [
      {
        number: 1,
        name: 'sdb1',
        startBytes: 1024 ** 2,
        sizeBytes: GIB / 2,
        title: 'esp',
        formats: [{ kind: 'FAT32', label: 'ESP', usedBytes: 61 * 1024 ** 2 }],
      },
      {
        number: 2,
        name: 'sdb2',
        startBytes: GIB,
        sizeBytes: 28 * GIB,
        title: undefined,
        formats: [{ kind: 'ext4', label: 'holiday photos', usedBytes: 12.5 * GIB }],
      },
      {
        number: 3,
        name: 'sdb3',
        startBytes: 29 * GIB,
        sizeBytes: 1024 ** 2,
        title: 'bios-boot',
        formats: [],
      },
    ],
  },
};

test('a stick with partitions: everything that will be lost', () => {
  assert.deepEqual(describeLoss(STICK), [
    'Everything on /dev/sdb will be lost:',
    '  drive   SanDisk Ultra USB 3.0, 31.9 GB (29.7 GiB), usb',
    '  serial  4C530001',
    '  on it   sdb1  512.0 MiB  FAT32 “ESP”, 61.0 MiB in use (partition “esp”)',
    '          sdb2  28.0 GiB   ext4 “holiday photos”, 12.5 GiB in use',
    '          sdb3  1.0 MiB    no file system that we know (partition “bios-boot”)',
  ]);
});

test('a file system without partitions', () => {
  const contents = {
    table: undefined,
    whole: [{ kind: 'exFAT' as const, usedBytes: 5 * GIB }],
    partitions: [],
  };
  assert.deepEqual(describeLoss({ ...STICK, contents }).slice(3), ['  on it   sdb    exFAT, 5.0 GiB in use']);
});

test('a stick on which nothing is found is not called empty', () => {
  const contents = { table: undefined, whole: [], partitions: [] };
  assert.deepEqual(
    describeLoss({ ...STICK, contents, vendor: undefined, model: undefined, serial: undefined }),
    [
      'Everything on /dev/sdb will be lost:',
      '  drive   of an unknown maker, 31.9 GB (29.7 GiB), usb',
      '  serial  none',
      '  on it   nothing that we know: it may be empty, or hold data without a file system',
    ],
  );
});

test('one of two with the same serial says so, and is confirmed by its name', () => {
  const twin = { ...STICK, twins: ['sdc'] };
  assert.equal(describeLoss(twin)[2], '  serial  4C530001, which sdc has as well');
  assert.equal(wordToType(twin), 'sdb');
  assert.equal(wordToType({ ...STICK, serial: undefined }), 'sdb');
  assert.equal(wordToType(STICK), '4C530001');
});

test('what is on a drive, in one line', () => {
  assert.equal(summarizeContents(STICK), 'sdb1 FAT32 “ESP”, sdb2 ext4 “holiday photos”, sdb3');
  assert.equal(summarizeContents({ ...STICK, contents: { errorCode: 'EACCES' } }), 'cannot be read (EACCES)');
  assert.equal(
    summarizeContents({ ...STICK, contents: { table: 'mbr', whole: [], partitions: [] } }),
    'no partitions',
  );
});

test('sizes are those that are printed on drives', () => {
  assert.deepEqual(
    [0, 999, 1_474_560, 31_914_983_424, 999_949_999_999, 999_999_999_999, 4e12].map(formatDriveSize),
    ['0 B', '999 B', '1.5 MB', '31.9 GB', '999.9 GB', '1.0 TB', '4.0 TB'],
  );
});

test('a maker is named once', () => {
  assert.equal(nameOfMaker({ vendor: 'Kingston', model: 'Kingston DataTraveler' }), 'Kingston DataTraveler');
  assert.equal(nameOfMaker({ vendor: 'ATA', model: 'Samsung SSD 860' }), 'Samsung SSD 860');
  assert.equal(nameOfMaker({ vendor: undefined, model: undefined }), '');
});
