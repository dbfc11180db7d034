import { type Digest, fail, ok, type Problem, type Result } from '#base';
import { BOOT_CODE_BYTES, layoutForDrive, type Partition, partitionOf, SECTOR_BYTES } from '#disk';
import { type ByteRange, type ByteReader, openExt4, openFat32, patchedReader } from '#file-system';
import type { FlashJob } from './flash.ts';
import { partitionReader } from './read-image-layout.ts';
import { renewIdentity } from './renew-identity.ts';
import { planWrites } from './write-plan.ts';

/** An image, and the drive that is to get it. */
export type FlashRequest = {
  readonly image: ByteReader;
  readonly imageName: string;
  readonly drive: { readonly path: string; readonly sizeBytes: number };
  /** Of chance: all names of the new stick follow from it. */
  readonly seed: Digest;
};

/** Finds out what a drive gets: which bytes of the image, and which names of its own. Problem: it is no image of ours. */
export async function planFlash(request: FlashRequest): Promise<Result<FlashJob>> {
  const { image, imageName, drive, seed } = request;
  const renewed = await renewIdentity(image, seed);
  if (!renewed.ok) return fail(noImageOfOurs(imageName, renewed.problem));
  const { layout, patches } = renewed.value;
  const esp = await usedIn(image, partitionOf(layout, 'esp'), openFat32);
  if (!esp.ok) return fail(noImageOfOurs(imageName, esp.problem));
  const root = await usedIn(image, partitionOf(layout, 'root'), openExt4);
  if (!root.ok) return fail(noImageOfOurs(imageName, root.problem));
  const used = new Map([
    ['esp', esp.value],
    ['root', root.value],
  ] as const);
  return ok({
    driveName: drive.path,
    imageName,
    image: patchedReader(image, patches),
    bootCode: await image.read(0, BOOT_CODE_BYTES),
    layout: layoutForDrive(layout, Math.floor(drive.sizeBytes / SECTOR_BYTES)),
    plan: planWrites({ layout, driveBytes: drive.sizeBytes, used }),
    nonce: seed,
  });
}

type OpenVolume = (reader: ByteReader) => Promise<Result<{ usedRanges(): Promise<readonly ByteRange[]> }>>;

async function usedIn(
  image: ByteReader,
  partition: Partition,
  openVolume: OpenVolume,
): Promise<Result<readonly ByteRange[]>> {
  const volume = await openVolume(partitionReader(image, partition));
  return volume.ok ? ok(await volume.value.usedRanges()) : volume;
}

function noImageOfOurs(imageName: string, { message, details = [] }: Problem): Problem {
  return {
    kind: 'image-failed',
    subject: imageName,
    message: `${imageName} cannot be flashed: it is no image of BlazeNeuro, or it is damaged`,
    details: [message, ...details],
    hint: 'flash writes what blazeneuro build makes. Build it again, or copy it again from where it came',
  };
}
