import { dirname, join } from 'node:path';
import { fail, type HostPath, ok, type Result } from '#base';
import { type ImageManifest, MANIFEST_NAME } from '#manifest';
import { readCache } from '#store';

/** The manifest that lies beside an image. Problem: there is none, or it is damaged. */
export function readImageManifest(image: HostPath): Promise<Result<ImageManifest>> {
  return readManifest(manifestBeside(image), image);
}

/** Where the manifest of an image lies. */
export function manifestBeside(image: HostPath): HostPath {
  return join(dirname(image), MANIFEST_NAME);
}

/** A manifest that was named. Problem: there is none, or it is damaged. */
export async function readManifest(place: HostPath, image: string): Promise<Result<ImageManifest>> {
  let isDamaged = false;
  const manifest = await readCache<ImageManifest>(place, () => {
    isDamaged = true;
  });
  if (manifest !== undefined && isImageManifest(manifest)) return ok(manifest);
  const message = isDamaged || manifest !== undefined ? 'is damaged' : 'is not there';
  return fail({
    kind: 'not-built',
    subject: image,
    message: `The manifest of ${image} ${message}`,
    place,
    hint: 'Build the image: blazeneuro build',
  });
}

/** Manifests of artifacts have the same name for their format, but no profile. */
function isImageManifest({ format, profile }: ImageManifest): boolean {
  return format === 1 && typeof profile === 'string';
}
