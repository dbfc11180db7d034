import { type Digest, fail, ok, type Problem, type Result } from '#base';
import { type Layout, partitionOf } from '#disk';
import {
  asResult,
  type ByteRange,
  type ByteReader,
  type Ext4,
  type Fat32,
  openExt4,
  openFat32,
  type Patch,
} from '#file-system';
import { partitionRange, partitionReader, readTables } from './read-image-layout.ts';
import {
  checkReferences,
  namesOf,
  newNames,
  REFERRING_FILES,
  type ReferringFile,
  type StickNames,
  withOtherNames,
} from './stick-names.ts';

/** What makes a stick of an image one of its own. */
export type RenewedIdentity = {
  /** The image's partitions with other GUIDs, at the image's own size. */
  readonly layout: Layout;
  /** What else has to differ, counted from the begin of the image. The tables are not in it. */
  readonly patches: readonly Patch[];
};

/** What refers to partitions is a few lines long. */
const LARGEST_TEXT_BYTES = 1024 * 1024;

/**
 * Gives an image other names throughout: disk, partitions, file systems, and the files that refer to them. Every name
 * follows from the seed, which must be of chance. All replacements are as long as what they replace, so that no file
 * moves. Problem: the image is damaged, was written to, or does not refer to its own names where it should.
 */
export async function renewIdentity(image: ByteReader, seed: Digest): Promise<Result<RenewedIdentity>> {
  const found = await readTables(image);
  if (!found.ok) return found;
  const { layout, primary, doAgree, others } = found.value;
  if (!primary.isGood || !doAgree) return fail(untouchedOnly('its two partition tables do not agree'));
  const hasAll = layout.partitions.length === 3 && others.length === 0;
  if (!hasAll) return fail(untouchedOnly('it has other partitions than those that were made'));

  const esp = await openFat32(partitionReader(image, partitionOf(layout, 'esp')));
  if (!esp.ok) return esp;
  const root = await openExt4(partitionReader(image, partitionOf(layout, 'root')));
  if (!root.ok) return root;
  // A journal that is replayed later would bring the old superblock back.
  if (!root.value.isClean) return fail(untouchedOnly('its root file system was in use, and not unmounted'));

  const volumes: Volumes = { image, layout, esp: esp.value, root: root.value };
  const before = namesOf(layout, root.value, esp.value);
  const after = newNames(layout, seed);
  const renewed = await renewFileSystems(volumes, after.names);
  if (!renewed.ok) return renewed;
  const patches: Patch[] = [...renewed.value];
  for (const file of REFERRING_FILES) {
    const rewritten = await rewrite(volumes, file, { before, after: after.names });
    if (!rewritten.ok) return rewritten;
    patches.push(...rewritten.value);
  }
  return ok({ layout: after.layout, patches });
}

type Volumes = {
  readonly image: ByteReader;
  readonly layout: Layout;
  readonly esp: Fat32;
  readonly root: Ext4;
};

function renewFileSystems(volumes: Volumes, names: StickNames): Promise<Result<readonly Patch[]>> {
  return asResult(async () => [
    ...moved(await volumes.root.renewed(names.rootFileSystem), rangeStart(volumes, 'root')),
    ...moved(await volumes.esp.renewed(names.espFileSystem.replace('-', '')), rangeStart(volumes, 'esp')),
  ]);
}

/** The patches that put other names into a file, where it lies. */
async function rewrite(
  volumes: Volumes,
  file: ReferringFile,
  { before, after }: { readonly before: StickNames; readonly after: StickNames },
): Promise<Result<readonly Patch[]>> {
  const located = await volumes[file.partition].locate(file.path);
  if (!located.ok) return located;
  const start = rangeStart(volumes, file.partition);
  const ranges = located.value.map(({ offsetBytes, lengthBytes }) => ({
    offsetBytes: start + offsetBytes,
    lengthBytes,
  }));
  const text = await readRanges(volumes.image, ranges);
  if (text === undefined) return fail(untouchedOnly(`${file.path} is too large`));
  const checked = checkReferences(text, file, before);
  if (!checked.ok) return checked;
  return ok(patchesOver(ranges, withOtherNames(text, before, after)));
}

async function readRanges(image: ByteReader, ranges: readonly ByteRange[]): Promise<Buffer | undefined> {
  const sizeBytes = ranges.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
  if (sizeBytes > LARGEST_TEXT_BYTES) return undefined;
  const parts: Buffer[] = [];
  for (const { offsetBytes, lengthBytes } of ranges) parts.push(await image.read(offsetBytes, lengthBytes));
  return Buffer.concat(parts);
}

function patchesOver(ranges: readonly ByteRange[], text: Buffer): Patch[] {
  let done = 0;
  return ranges.map(({ offsetBytes, lengthBytes }) => {
    const bytes = text.subarray(done, done + lengthBytes);
    done += lengthBytes;
    return { offsetBytes, bytes };
  });
}

function moved(patches: readonly Patch[], byBytes: number): Patch[] {
  return patches.map(({ offsetBytes, bytes }) => ({ offsetBytes: offsetBytes + byBytes, bytes }));
}

function rangeStart({ layout }: Volumes, role: 'esp' | 'root'): number {
  return partitionRange(partitionOf(layout, role)).offsetBytes;
}

function untouchedOnly(why: string): Problem {
  return {
    kind: 'image-failed',
    subject: 'image',
    message: `The image is not as it was made: ${why}`,
    hint: 'Make it again: blazeneuro build --rebuild image',
  };
}
