import fc from 'fast-check';
import { type DriveFaults, type StoredBytes, systemError } from '../../../src/drive/testing.ts';

/** How often a flash without a fault calls its drive. */
export type Counts = {
  readonly writes: number;
  readonly reads: number;
  readonly flushes: number;
  readonly all: number;
};

/** What one trial draws. */
export type Draw = {
  readonly kind: FaultKind;
  readonly code: 'EIO' | 'ENOSPC' | 'ENODEV' | 'EROFS';
  /** Picks the call, the byte, the bit, the place. */
  readonly call: number;
  readonly place: number;
  readonly bit: number;
  /** Picks the size of the drive, and what is on it. */
  readonly size: number;
  readonly before: 'ones' | 'noise' | 'used';
};

/** What a fault needs to know of the drive that it befalls. */
export type Scene = { readonly draw: Draw; readonly counts: Counts; readonly stored: Buffer };

const BLOCK = 4096;

/** Every kind of fault. A drive that is `lost` cannot be written any more, so that nobody can wipe its tables. */
const KINDS = {
  'a write fails': (scene) => atWrite(scene, () => fails(scene)),
  'a write fails, and half of it is stored': (scene) => ({
    ...atWrite(scene, (bytes, offsetBytes) => [{ offsetBytes, bytes: bytes.subarray(0, bytes.length / 2) }]),
    afterWrite: (nth) => (nth === callOf(scene, 'writes') ? fails(scene) : undefined),
  }),
  'a write fails, and all of it is stored': (scene) => ({
    afterWrite: (nth) => (nth === callOf(scene, 'writes') ? fails(scene) : undefined),
  }),
  'a flush fails, and what it should have kept is lost': (scene) => ({
    onFlush: (nth) => (nth === callOf(scene, 'flushes') ? fails(scene) : undefined),
  }),
  'a read fails': (scene) => atRead(scene, () => fails(scene)),
  'the drive vanishes': (scene) => ({
    onAny: (nth) => (nth >= callOf(scene, 'all') ? fails(scene) : undefined),
  }),
  'the drive becomes read-only and says so': (scene) => ({
    onWrite: (nth, bytes, offsetBytes) =>
      nth >= callOf(scene, 'writes') ? fails(scene) : [{ offsetBytes, bytes }],
  }),
  'the drive drops all writes from one on': (scene) => ({
    onWrite: (nth, bytes, offsetBytes) => (nth >= callOf(scene, 'writes') ? [] : [{ offsetBytes, bytes }]),
  }),
  'a bit is flipped when it is written': (scene) =>
    atWrite(scene, (bytes, offsetBytes) => [{ offsetBytes, bytes: flipped(bytes, scene.draw) }]),
  'a bit is flipped when it is read': (scene) => atRead(scene, (found) => flipped(found, scene.draw)),
  'a write is dropped': (scene) => atWrite(scene, () => []),
  'a block of a write is dropped': (scene) =>
    atWrite(scene, (bytes, offsetBytes) => {
      const hole = changingBlock(scene, bytes, offsetBytes);
      return [
        { offsetBytes, bytes: bytes.subarray(0, hole) },
        { offsetBytes: offsetBytes + hole + BLOCK, bytes: bytes.subarray(hole + BLOCK) },
      ];
    }),
  'a write goes elsewhere': (scene) =>
    atWrite(scene, (bytes, offsetBytes) => {
      const elsewhere = blockOf(scene.draw.place, scene.stored.length - bytes.length);
      return [{ offsetBytes: elsewhere === offsetBytes ? elsewhere + BLOCK : elsewhere, bytes }];
    }),
  'a read gives what was there before': (scene) => {
    const before = Buffer.from(scene.stored);
    return atRead(scene, (found, offsetBytes) => before.subarray(offsetBytes, offsetBytes + found.length));
  },
  'it wraps at half its size': (scene) => wrapsAt(scene.stored.length / 2),
  'it wraps at a quarter of its size': (scene) => wrapsAt(scene.stored.length / 4),
  'it wraps at some size': (scene) => wrapsAt(someRealSize(scene)),
  'it has less room, and drops the rest': (scene) => {
    const realBytes = someRealSize(scene);
    return { realPlaceOf: (offsetBytes) => (offsetBytes < realBytes ? offsetBytes : undefined) };
  },
} as const satisfies Readonly<Record<string, (scene: Scene) => DriveFaults>>;

export type FaultKind = keyof typeof KINDS;
export const FAULT_KINDS = Object.keys(KINDS) as readonly FaultKind[];

/** Kinds whose drive stays as it is, however often one tries again. */
export function isForGood(kind: FaultKind): boolean {
  return /^(?:it |the drive )/.test(kind);
}

/** Kinds whose drive takes no writes in the end. */
export function isLost(kind: FaultKind): boolean {
  return kind.startsWith('the drive ');
}

/** Makes the faults of a scene. */
export function faultsOf(scene: Scene): DriveFaults {
  return KINDS[scene.draw.kind](scene);
}

const draws = fc.record({
  kind: fc.constantFrom(...FAULT_KINDS),
  code: fc.constantFrom('EIO', 'ENOSPC', 'ENODEV', 'EROFS'),
  call: fc.nat(9999),
  place: fc.nat(0x3fffffff),
  bit: fc.nat(7),
  size: fc.nat(9999),
  before: fc.constantFrom('ones', 'noise', 'used'),
} as const);

/** The draw of a number, the same each time for the same seed. */
export function drawOf(number: number, seed: number): Draw {
  const [one] = fc.sample(draws, { seed: seed + number, numRuns: 1 });
  if (one === undefined) throw new Error(`fast-check made nothing of ${seed + number}`);
  // Each kind comes to its turn, however small the sample.
  return { ...one, kind: FAULT_KINDS[number % FAULT_KINDS.length] ?? one.kind };
}

function atWrite(
  scene: Scene,
  act: (bytes: Buffer, offsetBytes: number) => readonly StoredBytes[],
): DriveFaults {
  const at = callOf(scene, 'writes');
  return {
    onWrite: (nth, bytes, offsetBytes) => (nth === at ? act(bytes, offsetBytes) : [{ offsetBytes, bytes }]),
  };
}

function atRead(scene: Scene, act: (found: Buffer, offsetBytes: number) => Buffer): DriveFaults {
  const at = callOf(scene, 'reads');
  return { onRead: (nth, found, offsetBytes) => (nth === at ? act(found, offsetBytes) : found) };
}

function callOf({ draw, counts }: Scene, kind: keyof Counts): number {
  return draw.call % counts[kind];
}

function fails({ draw }: Scene): never {
  throw systemError(draw.code, draw.kind);
}

function flipped(bytes: Buffer, { place, bit }: Draw): Buffer {
  const other = Buffer.from(bytes);
  const at = place % bytes.length;
  other.writeUInt8(other.readUInt8(at) ^ (1 << bit), at);
  return other;
}

function blockOf(place: number, sizeBytes: number): number {
  return Math.floor((place % Math.max(sizeBytes, BLOCK)) / BLOCK) * BLOCK;
}

/** A block of a write that is not on the drive already: without another, nobody would be missing anything. */
function changingBlock({ draw, stored }: Scene, bytes: Buffer, offsetBytes: number): number {
  const first = blockOf(draw.place, bytes.length);
  for (let passed = 0; passed < bytes.length; passed += BLOCK) {
    const at = (first + passed) % (Math.ceil(bytes.length / BLOCK) * BLOCK);
    const block = bytes.subarray(at, at + BLOCK);
    if (!stored.subarray(offsetBytes + at, offsetBytes + at + block.length).equals(block)) return at;
  }
  throw new Error('The write changes nothing');
}

function wrapsAt(bytes: number): DriveFaults {
  const realBytes = Math.floor(bytes / BLOCK) * BLOCK;
  return { realPlaceOf: (offsetBytes) => offsetBytes % realBytes };
}

/** Between 8 MiB and one block less than it says. */
function someRealSize({ draw, stored }: Scene): number {
  const least = 8 * 1024 * 1024;
  return least + blockOf(draw.place, Math.floor(stored.length / BLOCK) * BLOCK - BLOCK - least);
}
