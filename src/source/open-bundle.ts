import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import {
  type Digest,
  fail,
  type HostPath,
  isErrno,
  ok,
  type Problem,
  parseDigest,
  plainText,
  type Result,
} from '#base';
import type { Pin } from '#recipe';
import { decodeTarHeader, paddedSize, TAR_BLOCK_BYTES } from './tar-header.ts';
import { type Verdict, writeVerified } from './verified-file.ts';
import { BUNDLE_INDEX, BUNDLE_LISTS, bundlePath } from './write-bundle.ts';

/** A bundle that lies on this machine, and what its headers say that it holds. Nothing of it has been believed yet. */
export type Bundle = {
  readonly file: HostPath;
  /** Where the bytes lie that are said to have a digest. */
  readonly places: ReadonlyMap<Digest, Place>;
};

type Place = { readonly startByte: number; readonly sizeBytes: number };

/** More than any system has sources. */
const MOST_ENTRIES = 10_000;

/**
 * Looks through the headers of a bundle. No name in it is a path here: one says which digest is promised, and the bytes
 * are taken only where that is pinned and is so. Problem: it is no bundle, or not whole.
 */
export async function openBundle(file: HostPath): Promise<Result<Bundle>> {
  try {
    await using handle = await open(file, 'r');
    const facts = await handle.stat();
    if (!facts.isFile()) return fail(noBundle(file, 'it is no plain file'));
    return await readPlaces(file, handle, facts.size);
  } catch (error) {
    const code = ['ENOENT', 'EACCES', 'ENOTDIR'].find((one) => isErrno(error, one));
    if (code === undefined) throw error;
    return fail(noBundle(file, code === 'EACCES' ? 'it may not be read' : 'there is no such file'));
  }
}

/** Copies the bytes that a pin means out of a bundle that promises them, and verifies them on the way. */
export function copyFromBundle({ file, places }: Bundle, pin: Pin, target: HostPath): Promise<Verdict> {
  const place = places.get(pin.digest);
  if (place === undefined) throw new Error(`The bundle ${file} does not promise ${pin.name}`);
  const { startByte, sizeBytes } = place;
  // `end` is included, so that nothing at all cannot be asked for.
  const bytes =
    sizeBytes === 0 ? [] : createReadStream(file, { start: startByte, end: startByte + sizeBytes - 1 });
  return writeVerified(asChunks(bytes), target, pin);
}

async function* asChunks(
  bytes: AsyncIterable<Uint8Array> | readonly Uint8Array[],
): AsyncIterable<Uint8Array> {
  yield* bytes;
}

async function readPlaces(file: HostPath, handle: FileHandle, fileBytes: number): Promise<Result<Bundle>> {
  const entries = new Map<string, Place>();
  for (let at = 0; entries.size <= MOST_ENTRIES; ) {
    const header = await readBlock(handle, at);
    if (header === undefined) return fail(damaged(file, 'it ends before its end is told; it is cut off'));
    if (header.every((byte) => byte === 0)) return endOf(file, entries);
    const entry = decodeTarHeader(header);
    if (entries.size === 0 && entry?.name !== BUNDLE_INDEX) {
      return fail(noBundle(file, `it does not begin with ${BUNDLE_INDEX}`));
    }
    if (entry === undefined) return fail(damaged(file, `the header at byte ${at} is none`));
    const name = plainText(entry.name);
    if (!isKnownName(entry.name)) return fail(noBundle(file, `it holds ${name}`));
    if (entries.has(entry.name)) return fail(damaged(file, `it holds ${name} twice`));
    const place = { startByte: at + TAR_BLOCK_BYTES, sizeBytes: entry.sizeBytes };
    entries.set(entry.name, place);
    at = place.startByte + paddedSize(place.sizeBytes);
    if (at > fileBytes) return fail(damaged(file, `it is cut off within ${name}`));
  }
  return fail(noBundle(file, `it holds more than ${MOST_ENTRIES} files`));
}

/** What a bundle promises, once its end was reached. */
function endOf(file: HostPath, entries: ReadonlyMap<string, Place>): Result<Bundle> {
  if (entries.size === 0) return fail(noBundle(file, 'it holds nothing'));
  const promised = [...entries].flatMap(([name, place]) => {
    const digest = promisedDigest(name);
    return digest === undefined ? [] : [[digest, place] as const];
  });
  return ok({ file, places: new Map(promised) });
}

/** The digest that a name promises. */
function promisedDigest(name: string): Digest | undefined {
  const digest = parseDigest(name.slice(name.lastIndexOf('/') + 1));
  return digest !== undefined && name === bundlePath(digest) ? digest : undefined;
}

function isKnownName(name: string): boolean {
  return promisedDigest(name) !== undefined || [BUNDLE_INDEX, ...BUNDLE_LISTS].includes(name);
}

/** Undefined when the file ends there. */
async function readBlock(handle: FileHandle, at: number): Promise<Buffer | undefined> {
  const block = Buffer.alloc(TAR_BLOCK_BYTES);
  const { bytesRead } = await handle.read(block, 0, block.length, at);
  return bytesRead === block.length ? block : undefined;
}

function damaged(file: HostPath, why: string): Problem {
  return {
    kind: 'source-unreadable',
    subject: file,
    message: `The bundle ${file} is damaged: ${why}`,
    hint: `Copy it again from where it was made, or make it anew: blazeneuro fetch --bundle ${file}`,
  };
}

function noBundle(file: HostPath, why: string): Problem {
  return {
    kind: 'source-unreadable',
    subject: file,
    message: `${file} is no bundle of sources: ${why}`,
    hint: 'Make one on a machine with a network: blazeneuro fetch --bundle FILE',
  };
}
