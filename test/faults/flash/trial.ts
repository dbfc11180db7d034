import { crc32 } from 'node:zlib';
import { encodeLayout } from '#disk';
import { flashDrive } from '#drive';
import { endOf } from '../../../src/drive/join-ranges.ts';
import {
  type DriveFaults,
  type MemoryDrive,
  MIB,
  memoryDrive,
  noise,
  toyImage,
  toyJob,
} from '../../../src/drive/testing.ts';
import { type Counts, type Draw, drawOf, faultsOf, isForGood, isLost, type Scene } from './faults.ts';

/** What became of one trial. */
export type Verdict = {
  readonly number: number;
  readonly draw: Draw;
  /** What the flash said. */
  readonly said: string;
  /** What should not have been; none when it passed. */
  readonly faults: readonly string[];
};

const IMAGE = toyImage({ espMib: 7, rootMib: 16 });
/** The image's own, larger ones, and one that is no whole number of blocks. */
const SIZES = [IMAGE.bytes.length, 32 * MIB, 40 * MIB + 3 * 512];
const JOBS = new Map(SIZES.map((size) => [size, toyJob(IMAGE, size)]));
const BEFORE = { noise: noise('before', Math.max(...SIZES)), ones: Buffer.alloc(Math.max(...SIZES), 0xff) };

/** Flashes a drive that has one fault, and judges what was said and what is on it; then once more without the fault. */
export async function tryFault(number: number, seed: number): Promise<Verdict> {
  const draw = drawOf(number, seed);
  const size = SIZES[draw.size % SIZES.length] ?? IMAGE.bytes.length;
  const stored = usedDrive(size, draw);
  const scene: Scene = { draw, stored, counts: await countsOf(size) };
  const before = Buffer.from(stored);
  const faulty = faultsOf(scene);
  const { failure } = await flash(stored, faulty);
  const faults: string[] = [];
  if (failure === undefined) faults.push('it was said to be done');
  else faults.push(...judgeFailure({ stored: seenOn(stored, faulty), before }, failure, draw));
  if (!isForGood(draw.kind) || isLost(draw.kind)) faults.push(...(await judgeNextRun(stored)));
  return { number, draw, said: failure?.message ?? 'done', faults };
}

type Failure = { readonly kind: string; readonly message: string; readonly details?: readonly string[] };

async function flash(
  stored: Buffer,
  faults: DriveFaults,
): Promise<{ readonly drive: MemoryDrive; readonly failure: Failure | undefined }> {
  const drive = memoryDrive(stored, faults);
  const job = JOBS.get(stored.length);
  if (job === undefined) throw new Error(`No drive has ${stored.length} bytes`);
  const options = { emit: () => {}, signal: new AbortController().signal };
  const result = await flashDrive(drive, job, options);
  return { drive, failure: result.ok ? undefined : result.problem };
}

function judgeFailure(
  { stored, before }: { readonly stored: Buffer; readonly before: Buffer },
  failure: Failure,
  { kind }: Draw,
): string[] {
  const faults: string[] = [];
  if (failure.kind !== 'flash-failed') faults.push(`it was called ${failure.kind}`);
  const isSaidToBeWiped = failure.details?.at(-1)?.includes('does not boot') === true;
  if (!isSaidToBeWiped && !isLost(kind)) faults.push(`it was left with tables: ${failure.details?.at(-1)}`);
  const boots = stored.readUInt16LE(510) === 0xaa55;
  const tables = [512, stored.length - 512].filter((offset) => isGoodHeader(stored, offset));
  if (isSaidToBeWiped && (boots || tables.length > 0)) {
    faults.push(`sector 0 ${boots ? 'boots' : 'is empty'}, ${tables.length} tables are there`);
  }
  // A drive that took no write at all is what it was: all of it, its old tables too.
  if (!isSaidToBeWiped && boots && !stored.equals(before) && missingIn(stored).length > 0) {
    faults.push('half a system boots');
  }
  return faults;
}

/** What a drive shows of what it stores: behind its real end there is nothing. */
function seenOn(stored: Buffer, { realPlaceOf }: DriveFaults): Buffer {
  if (realPlaceOf === undefined) return stored;
  const seen = Buffer.alloc(stored.length);
  for (let at = 0; at < stored.length; at += 4096) {
    const place = realPlaceOf(at);
    if (place !== undefined) stored.copy(seen, at, place, place + 4096);
  }
  return seen;
}

async function judgeNextRun(stored: Buffer): Promise<string[]> {
  const { failure } = await flash(stored, {});
  if (failure !== undefined) return [`the next run failed: ${failure.message}`];
  return missingIn(stored).map((what) => `after the next run it is not right: ${what}`);
}

/** What a drive should have, and has not. */
function missingIn(stored: Buffer): string[] {
  const job = JOBS.get(stored.length);
  if (job === undefined) throw new Error(`No drive has ${stored.length} bytes`);
  const expected = Buffer.from(stored);
  for (const range of job.plan.ranges) {
    if (range.from === 'image')
      IMAGE.bytes.copy(expected, range.offsetBytes, range.offsetBytes, endOf(range));
    else expected.fill(0, range.offsetBytes, endOf(range));
  }
  for (const place of job.plan.markers) expected.fill(0, place, place + 4096);
  for (const { startSector, bytes } of encodeLayout(job.layout, job.bootCode))
    expected.set(bytes, startSector * 512);
  return stored.equals(expected) ? [] : [`byte ${stored.findIndex((byte, at) => byte !== expected[at])}`];
}

/** UEFI spec §5.3.2: a header that says who it is, and matches its checksum. */
function isGoodHeader(stored: Buffer, offset: number): boolean {
  if (stored.toString('latin1', offset, offset + 8) !== 'EFI PART') return false;
  const header = Buffer.from(stored.subarray(offset, offset + 92));
  header.writeUInt32LE(0, 16);
  return stored.readUInt32LE(offset + 16) === crc32(header);
}

function usedDrive(size: number, { before }: Draw): Buffer {
  const stored = Buffer.from((before === 'ones' ? BEFORE.ones : BEFORE.noise).subarray(0, size));
  if (before !== 'used') return stored;
  const sizeSectors = Math.floor(size / 512);
  const old = toyImage({ espMib: 5, rootMib: 10 }).layout;
  for (const { startSector, bytes } of encodeLayout({
    ...old,
    sizeSectors,
    lastUsableSector: sizeSectors - 34,
  })) {
    stored.set(bytes, startSector * 512);
  }
  return stored;
}

const known = new Map<number, Counts>();

async function countsOf(size: number): Promise<Counts> {
  const counted = known.get(size);
  if (counted !== undefined) return counted;
  const { drive, failure } = await flash(Buffer.from(BEFORE.noise.subarray(0, size)), {});
  if (failure !== undefined) throw new Error(`A drive without a fault failed: ${failure.message}`);
  known.set(size, drive.counts);
  return drive.counts;
}
