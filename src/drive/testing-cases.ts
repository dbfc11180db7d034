import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type PermitRequest, permitDrive } from './permit-drive.ts';
import type { RefusalKind } from './refusal.ts';
import { type FakeDisk, type FakeMachine, type FakeWorld, fakeWorld, GB } from './testing-world.ts';

export const IMAGE = '/home/me/blazeneuro.img';
export const SIZE_BYTES = 32 * GB;
export const MIB = 1024 * 1024;
export const FIRST = { startBytes: MIB, sizeBytes: 8 * MIB };
export const SECOND = { startBytes: 9 * MIB, sizeBytes: 8 * MIB };

/** The disk that the machine runs from. */
export const SYSTEM: FakeDisk = {
  number: '8:0',
  place: 'pci0/ata1/host1/1:0:0:0',
  sizeBytes: 500 * GB,
  attributes: {
    removable: '0',
    'device/vendor': 'ATA',
    'device/model': 'Samsung SSD 860',
    'device/serial': 'S3Z2',
  },
  partitions: {
    sda1: { number: '8:1', startMb: 1, sizeMb: 512 },
    sda2: { number: '8:2', startMb: 513, sizeMb: 400_000 },
    sda3: { number: '8:3', startMb: 400_513, sizeMb: 8_000 },
  },
};

/** The image lies in memory where a case says nothing else. */
const MOUNTS = ['sda2 / ext4', 'sda1 /boot/efi vfat', '0:21 /proc proc proc', '0:70 /home/me tmpfs tmpfs'];

/** The stick that is meant. */
export const STICK: FakeDisk = {
  number: '8:16',
  usbSerial: '4C5300',
  partitions: {
    sdb1: { number: '8:17', startMb: 1, sizeMb: 8_000 },
    sdb2: { number: '8:18', startMb: 8_001, sizeMb: 8_000 },
  },
};

/** A machine with its own disk, a stick, and what a case adds. */
export function machineWith(
  changes: Partial<FakeMachine> & { readonly stick?: Partial<FakeDisk> } = {},
): FakeMachine {
  const { stick, disks, mounts, ...rest } = changes;
  return {
    files: { [IMAGE]: '0:70' },
    ...rest,
    disks: { sda: SYSTEM, sdb: { ...STICK, ...stick }, ...disks },
    mounts: [...MOUNTS, ...(mounts ?? [])],
  };
}

export type Case = {
  readonly title: string;
  readonly machine: FakeMachine;
  /** Which device is named; the stick, when it is not said. */
  readonly name?: string;
  readonly request?: Partial<PermitRequest>;
  /** Every reason that is to be given, in order; none when it may be written. */
  readonly kinds: readonly RefusalKind[];
};

export const layer = (
  number: string,
  slaves: readonly string[],
  attributes: Record<string, string> = {},
): FakeDisk => ({
  number,
  place: 'virtual',
  slaves,
  attributes: { removable: '0', ...attributes },
});

export const loop = (backingFile: string): FakeDisk => layer('7:0', [], { 'loop/backing_file': backingFile });

/** The system disk is never removable. */
export const FIXED: readonly RefusalKind[] = ['not-removable'];

/** A card of MMC's family: SD, or MMC for one that is soldered in. */
export const card = (type: string): FakeDisk => ({
  number: '179:0',
  place: 'mmc0/mmc0:aaaa',
  attributes: { removable: '0', 'device/type': type, 'device/name': 'SD32G', 'device/serial': '0x00c0ffee' },
});

/** One test a case: every reason in order, `refused` as the kind, and no byte of any device changed. */
export function testCases(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    for (const one of cases) {
      test(`${one.kinds.length === 0 ? 'permits' : 'refuses'} ${one.title}`, () => check(one));
    }
  });
}

async function check({ machine, name = 'sdb', request, kinds }: Case): Promise<void> {
  await using world = await fakeWorld(machine);
  const before = await world.digests();
  const permitted = await permitDrive(requestFor(world, name, request), world);
  const given = permitted.ok ? [] : permitted.problem.details?.map((detail) => detail.split(':')[0]);
  assert.deepEqual(given, kinds);
  if (!permitted.ok) assert.equal(permitted.problem.kind, 'refused');
  assert.deepEqual(await world.digests(), before);
}

export function requestFor(
  world: FakeWorld,
  name: string,
  request: Partial<PermitRequest> = {},
): PermitRequest {
  return { path: world.dev(name), imagePath: IMAGE, imageBytes: 30_000_000, ...request };
}
