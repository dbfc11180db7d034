import type { RefusalKind } from './refusal.ts';
import { type Case, FIRST, MIB, machineWith, SECOND, SIZE_BYTES, testCases } from './testing-cases.ts';
import { gptOf, HEADERS, mbrOf } from './testing-formats.ts';
import { GB } from './testing-world.ts';

const WHOLE = { startBytes: 0, sizeBytes: SIZE_BYTES };

/** What the bytes on the stick say, on the whole or in the first partition. */
const MEMBERS: readonly (readonly [keyof typeof HEADERS, RefusalKind])[] = [
  ['luks1', 'encrypted'],
  ['luks2', 'encrypted'],
  ['luks2Spare', 'encrypted'],
  ['bitLocker', 'encrypted'],
  ['lvm', 'lvm'],
  ['raid090', 'raid'],
  ['raid10', 'raid'],
  ['raid11', 'raid'],
  ['raid12', 'raid'],
  ['intelRaid', 'raid'],
  ['ddf', 'raid'],
  ['btrfs', 'btrfs'],
  ['zfs', 'zfs'],
  ['zfsLast', 'zfs'],
  ['bcache', 'bcache'],
  ['bcachefs', 'bcache'],
  ['stratis', 'pool'],
  ['vdo', 'pool'],
];

/** Small, so that a superblock at its end can be written and hashed. */
const SMALL_BYTES = 64 * 1024 * 1024;
const SMALL = { startBytes: 0, sizeBytes: SMALL_BYTES };
const SMALL_PART = { startBytes: 1024 * 1024, sizeBytes: 48 * 1024 * 1024 };
const SMALL_STICK = { sizeBytes: SMALL_BYTES, partitions: {} };

const CONTENT_CASES: readonly Case[] = [
  ...MEMBERS.flatMap(([header, kind]): Case[] => [
    {
      title: `${header} on the whole`,
      machine: machineWith({ stick: { ...SMALL_STICK, contents: HEADERS[header](SMALL) } }),
      kinds: [kind],
    },
    {
      title: `${header} in a partition that the kernel has not looked at`,
      machine: machineWith({
        stick: { ...SMALL_STICK, contents: [...gptOf(SMALL_PART), ...HEADERS[header](SMALL_PART)] },
      }),
      kinds: [kind],
    },
  ]),
  {
    title: 'a dynamic disk of Windows',
    machine: machineWith({ stick: { contents: HEADERS.dynamicDisk(WHOLE) } }),
    kinds: ['pool'],
  },
  {
    title: 'LUKS in a partition that only the kernel knows',
    machine: machineWith({
      stick: {
        partitions: { sdb1: { number: '8:17', startMb: 8, sizeMb: 8_000 } },
        contents: HEADERS.luks2({ startBytes: 8_000_000, sizeBytes: 8 * GB }),
      },
    }),
    kinds: ['encrypted'],
  },
  {
    title: 'LVM in a logical partition of an MBR',
    machine: machineWith({
      stick: {
        partitions: {},
        contents: [
          ...mbrOf(0, { type: 0x83, ...FIRST }, { type: 0x05, ...SECOND }),
          ...mbrOf(SECOND.startBytes, { type: 0x8e, startBytes: MIB, sizeBytes: 6 * MIB }),
          ...HEADERS.lvm({ startBytes: SECOND.startBytes + MIB, sizeBytes: 6 * MIB }),
        ],
      },
    }),
    kinds: ['lvm'],
  },
  {
    title: 'a RAID, with the remains of an LVM and a LUKS: all are named',
    machine: machineWith({
      stick: {
        ...SMALL_STICK,
        contents: [...HEADERS.luks1(SMALL), ...HEADERS.lvm(SMALL), ...HEADERS.raid12(SMALL)],
      },
    }),
    kinds: ['encrypted', 'lvm', 'raid'],
  },
];

testCases('a drive with something on it', CONTENT_CASES);
