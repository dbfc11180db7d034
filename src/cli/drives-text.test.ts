import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JudgedDrive } from '#drive';
import { makeInk } from '#report';
import { drivesText } from './drives-text.ts';

const ink = makeInk(false);

const STICK: JudgedDrive = {
  drive: {
    name: 'sdb',
    path: '/dev/sdb',
    sizeBytes: 31_914_983_424,
    logicalSectorBytes: 512,
    vendor: 'SanDisk',
    model: 'Ultra',
    serial: '4C530001',
    twins: [],
    diskSequence: '17',
    majorMinor: '8:16',
    bus: 'usb',
    isRemovable: true,
    isReadOnly: false,
    contents: { table: undefined, whole: [{ kind: 'exFAT', label: 'MUSIC' }], partitions: [] },
  },
  refusals: [],
};

const refused = (
  name: string,
  kinds: JudgedDrive['refusals'],
  changes: Partial<JudgedDrive['drive']> = {},
) => ({
  drive: { ...STICK.drive, name, ...changes },
  refusals: kinds,
});

const SYSTEM = refused(
  'nvme0n1',
  [
    {
      kind: 'system-disk',
      message: 'nvme0n1p2, on nvme0n1, holds / of the running system',
      hint: 'Use another drive',
    },
    { kind: 'not-removable', message: 'nvme0n1 is not a removable drive', hint: 'Use a stick' },
  ],
  { vendor: undefined, model: 'Samsung 980', bus: 'nvme', serial: 'S64DNX', sizeBytes: 1e12 },
);
const MEMORY = refused('zram0', [{ kind: 'virtual', message: 'zram0 is memory', hint: 'Use a stick' }]);
const SNAP = refused('loop3', [{ kind: 'mounted', message: 'loop3 is mounted', hint: 'umount' }], {
  bus: 'loop',
});

test('first what may be written, then the others with every reason', () => {
  assert.deepEqual(drivesText([SYSTEM, STICK, MEMORY, SNAP], { ink, verbose: false }), [
    'May be written:',
    '  NAME  DRIVE          SIZE     SERIAL    BUS  WHAT IS ON IT',
    '  sdb   SanDisk Ultra  31.9 GB  4C530001  usb  exFAT “MUSIC”',
    '',
    'May not be written:',
    '  NAME     DRIVE        SIZE    SERIAL  BUS   WHAT IS ON IT',
    '  nvme0n1  Samsung 980  1.0 TB  S64DNX  nvme  exFAT “MUSIC”',
    '    - nvme0n1p2, on nvme0n1, holds / of the running system',
    '    - nvme0n1 is not a removable drive',
    '',
    '2 more that are no drives: blazeneuro drives -v',
  ]);
});

test('when there is nothing to write to, it says what to do', () => {
  assert.deepEqual(drivesText([], { ink, verbose: false }), [
    'There is no drive that may be written. Plug in a USB stick or a memory card, and ask again.',
  ]);
});

test('with -v memory and mounted loop devices are listed, and every reason has its hint', () => {
  assert.deepEqual(drivesText([SNAP, MEMORY], { ink, verbose: true }).slice(4), [
    '  loop3  SanDisk Ultra  31.9 GB  4C530001  loop  exFAT “MUSIC”',
    '    - loop3 is mounted',
    '      umount',
    '  zram0  SanDisk Ultra  31.9 GB  4C530001  usb   exFAT “MUSIC”',
    '    - zram0 is memory',
    '      Use a stick',
  ]);
});

test('colours only where they are asked for', () => {
  const introducer = String.fromCharCode(27);
  assert.ok(!drivesText([STICK, SYSTEM], { ink, verbose: true }).join('').includes(introducer));
  assert.ok(
    drivesText([STICK, SYSTEM], { ink: makeInk(true), verbose: true })
      .join('')
      .includes(introducer),
  );
});
