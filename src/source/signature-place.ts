import type { Origin, Pin, PinnedSignature } from '#recipe';
import { pinOfUpstream } from './chosen-pin.ts';

/** How the outer compression of an archive ends its name. */
const COMPRESSED = /\.(?:xz|gz|bz2|zst)$/;

/**
 * Where the signature of a pin's bytes lies; undefined where upstream's signature is not of them, since they are not
 * upstream's bytes: Debian repacks some releases.
 */
export function signaturePlace(
  pin: Pin,
  pins: readonly Pin[],
  signature: PinnedSignature,
): Origin | undefined {
  if (pin.digest !== pinOfUpstream(pins)?.digest) return undefined;
  const { origin } = pin;
  const { location, covers } = signature;
  // Debian's own rule for the name beside an orig archive: dpkg-source(1), format 3.0 (quilt).
  if (origin.kind === 'apt') return { ...origin, file: `${origin.file}.asc`, text: `${origin.text}.asc` };
  if (typeof location !== 'string') return location;
  const beside = (name: string): string =>
    `${covers === 'tar' ? name.replace(COMPRESSED, '') : name}${location}`;
  if (origin.kind === 'https') {
    const url = new URL(origin.url);
    url.pathname = beside(url.pathname);
    return { ...origin, url: url.href, text: url.href };
  }
  return { ...origin, path: beside(origin.path), text: beside(origin.text.replace(/#.*/, '')) };
}
