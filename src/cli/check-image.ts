import { fail, formatBytes, ok, type Problem, type Result, startDigest } from '#base';
import type { OpenImage } from '#drive';
import type { ImageManifest } from '#manifest';
import { readCache } from '#store';
import { manifestBeside, readManifest } from './read-image-manifest.ts';
import type { Session } from './session.ts';

const PIECE_BYTES = 4 * 1024 * 1024;

/**
 * Compares an image with the manifest beside it, if there is one: its size, and its digest when that is known already,
 * as for an image that was unpacked, or is asked for. To digest an image as it lies takes about a second for each
 * gigabyte, holes too, which is longer than to write what is in use.
 */
export async function checkImage(
  session: Pick<Session, 'emit' | 'signal'>,
  image: OpenImage,
  mustDigest: boolean,
): Promise<Result<void>> {
  const place = manifestBeside(image.path);
  let isDamaged = false;
  const manifest = await readCache<ImageManifest>(place, () => {
    isDamaged = true;
  });
  if (manifest?.format !== 1) {
    if (!mustDigest && !isDamaged) return ok(undefined);
    const read = await readManifest(place, image.path);
    return read.ok ? ok(undefined) : read;
  }
  if (manifest.sizeBytes !== image.sizeBytes) {
    const sizes = `${formatBytes(image.sizeBytes)}, and not ${formatBytes(manifest.sizeBytes)}`;
    return fail(otherImage(image, place, `It has ${sizes}`));
  }
  const digest = image.digest ?? (mustDigest ? await digestOf(session, image) : undefined);
  if (digest === undefined || digest === manifest.digest) return ok(undefined);
  return fail(otherImage(image, place, `Its digest is ${digest}, and not ${manifest.digest}`));
}

async function digestOf({ emit, signal }: Pick<Session, 'emit' | 'signal'>, image: OpenImage) {
  const step = `check ${image.path}`;
  const startedMs = performance.now();
  emit({ type: 'step-started', step });
  const digest = startDigest();
  for (let at = 0; at < image.sizeBytes && !signal.aborted; at += PIECE_BYTES) {
    digest.update(await image.read(at, Math.min(PIECE_BYTES, image.sizeBytes - at)));
    if (at % (64 * PIECE_BYTES) === 0) {
      emit({ type: 'step-progress', step, doneBytes: at, sizeBytes: image.sizeBytes });
    }
  }
  emit({ type: 'step-finished', step, durationMs: Math.round(performance.now() - startedMs) });
  return digest.end();
}

function otherImage({ path }: OpenImage, place: string, why: string): Problem {
  return {
    kind: 'image-failed',
    subject: path,
    message: `${path} is not the image that the manifest beside it tells of`,
    place,
    details: [why],
    hint: 'Copy or build the image again; where the manifest belongs to another image, keep it elsewhere',
  };
}
