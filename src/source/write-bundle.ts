import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { type Digest, fail, type HostPath, isErrno, ok, type Problem, type Result, startDigest } from '#base';
import type { BlobStore } from './blob-store.ts';
import { encodeTarHeader, paddedSize, TAR_BLOCK_BYTES } from './tar-header.ts';

/** A source of a bundle, as the index tells of it. */
export type BundledSource = {
  readonly name: string;
  readonly version: string;
  readonly digest: Digest;
  /** File name of the archive. */
  readonly archive: string;
  /** All places that are pinned for these bytes. */
  readonly origins: readonly string[];
};

/** What goes into a bundle. */
export type BundleContents = {
  readonly sources: readonly BundledSource[];
  /** Lists of pins, by their names in the bundle. */
  readonly lists: readonly { readonly name: (typeof BUNDLE_LISTS)[number]; readonly bytes: Uint8Array }[];
  /** The time of every file, in seconds since 1970. */
  readonly timeSeconds: number;
};

/** The first file of a bundle: what it holds, for people and for other programs. */
export const BUNDLE_INDEX = 'index.json';

/** The lists of pins that a bundle was made from: the project's own, and that of the overlay. */
export const BUNDLE_LISTS = ['packages.list', 'overlay/packages.list'] as const;

/** Where a source lies in a bundle. */
export function bundlePath(digest: Digest): string {
  return `sources/${digest}`;
}

/** Writes a bundle, whole or not at all; the same contents give the same bytes. Gives its size. */
export async function writeBundle(
  file: HostPath,
  contents: BundleContents,
  store: BlobStore,
): Promise<Result<number>> {
  const partial = `${file}.${process.pid}.partial`;
  try {
    const written = await writePartial(partial, contents, store);
    if (written.ok) await rename(partial, file);
    return written;
  } catch (error) {
    const isExpected = UNWRITABLE.some((code) => isErrno(error, code));
    if (isExpected) return fail(cannotWrite(file, error));
    throw error;
  } finally {
    // Gone by then, unless something went wrong.
    await rm(partial, { force: true });
  }
}

/** A folder that is not there or is none, may not be written to, or a folder in the place of the file. */
const UNWRITABLE = ['ENOENT', 'ENOTDIR', 'EACCES', 'EROFS', 'EISDIR'];

async function writePartial(
  file: HostPath,
  { sources, lists, timeSeconds }: BundleContents,
  store: BlobStore,
): Promise<Result<number>> {
  await using handle = await open(file, 'w', 0o644);
  const sizes = new Map<Digest, number>();
  for (const { digest } of sources) sizes.set(digest, (await stat(store.blobPath(digest))).size);
  const index = {
    format: 1,
    sources: sources
      .map((source) => ({ ...source, sizeBytes: sizes.get(source.digest), path: bundlePath(source.digest) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    lists: lists.map(({ name }) => name).sort(),
  };
  const texts = [
    { name: BUNDLE_INDEX, bytes: Buffer.from(`${JSON.stringify(index, undefined, 2)}\n`) },
    ...lists.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  ];
  for (const { name, bytes } of texts) {
    await append(handle, encodeTarHeader({ name, sizeBytes: bytes.length }, timeSeconds));
    await append(handle, bytes);
    await pad(handle, bytes.length);
  }
  for (const [digest, sizeBytes] of [...sizes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await append(handle, encodeTarHeader({ name: bundlePath(digest), sizeBytes }, timeSeconds));
    const actual = await appendBlob(handle, store.blobPath(digest));
    if (actual !== digest) return fail(damagedBlob(digest, sources));
    await pad(handle, sizeBytes);
  }
  await append(handle, Buffer.alloc(2 * TAR_BLOCK_BYTES));
  await handle.sync();
  return ok((await handle.stat()).size);
}

async function append(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  await handle.appendFile(bytes);
}

async function pad(handle: FileHandle, sizeBytes: number): Promise<void> {
  await append(handle, Buffer.alloc(paddedSize(sizeBytes) - sizeBytes));
}

/** What the store holds was verified when it came; what goes to another machine is verified again on its way out. */
async function appendBlob(handle: FileHandle, blob: HostPath): Promise<Digest> {
  const digest = startDigest();
  for await (const chunk of createReadStream(blob, { highWaterMark: 1024 * 1024 })) {
    digest.update(chunk);
    await append(handle, chunk);
  }
  return digest.end();
}

function damagedBlob(digest: Digest, sources: readonly BundledSource[]): Problem {
  const name = sources.find((source) => source.digest === digest)?.name ?? digest;
  return {
    kind: 'store-damaged',
    subject: name,
    message: `The source ${name} is damaged in the store, so no bundle was written`,
    hint: `Set it aside and fetch it again: blazeneuro store verify --repair, then blazeneuro fetch ${name}`,
  };
}

function cannotWrite(file: HostPath, error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    kind: 'wrong-usage',
    subject: file,
    message: `The bundle ${file} cannot be written: ${reason}`,
    hint: 'Name a file in a folder that is there and that you may write to',
  };
}
