import { basename } from 'node:path';
import type { Digest } from '#base';
import { ORIGIN_KINDS, type Origin, type OriginKind, type Pin } from '#recipe';
import type { BlobStore } from './blob-store.ts';
import type { Vouched } from './vouch.ts';

/**
 * The bytes that were chosen for a name. They are in the store. `pin` is the first in the order of preference
 * that means these bytes, whichever origin gave them: else the same bytes would get two keys.
 */
export type ChosenPin = {
  readonly pin: Pin;
  /** The origin or bundle that gave the bytes in this run; absent when they were in the store already. */
  readonly fetchedFrom?: Origin | { readonly kind: 'bundle'; readonly text: string };
  /** What vouches for the bytes, besides their digest. */
  readonly vouched?: Vouched;
};

/** What a plan wants to know of a chosen pin. */
export type ChosenSource = {
  readonly name: string;
  readonly version: string;
  readonly digest: Digest;
  /** File name of the archive. */
  readonly archive: string;
  readonly member?: string;
  readonly origin: OriginKind;
};

/** The pins of one name in the order in which they are tried: by kind of origin, then as in the list. */
export function inOrder(pins: readonly Pin[], order: readonly OriginKind[] = ORIGIN_KINDS): readonly Pin[] {
  return pins
    .filter((pin) => order.includes(pin.origin.kind))
    .toSorted((a, b) => order.indexOf(a.origin.kind) - order.indexOf(b.origin.kind));
}

/** The first pin, in the order given, that means these bytes. */
export function pinOfBytes(pins: readonly Pin[], digest: Digest): Pin | undefined {
  return pins.find((pin) => pin.digest === digest);
}

/** The pin of upstream's own bytes: the first in the list that is not Debian's copy, which may be repacked. */
export function pinOfUpstream(pins: readonly Pin[]): Pin | undefined {
  return pins.find((pin) => pin.origin.kind !== 'apt') ?? pins[0];
}

/** The pin whose bytes are in the store already; in the order of preference, whatever origins may be used now. */
export async function chooseFromStore(
  pins: readonly Pin[],
  store: BlobStore,
  order: readonly OriginKind[] = ORIGIN_KINDS,
): Promise<ChosenPin | undefined> {
  // Origins that are switched off stand last: switching one off must not make us fetch what is here.
  const others = ORIGIN_KINDS.filter((kind) => !order.includes(kind));
  for (const pin of inOrder(pins, [...order, ...others])) {
    if (await store.hasBlob(pin.digest)) return { pin };
  }
  return undefined;
}

/** A chosen pin as a plan takes it. */
export function chosenSource({ pin }: ChosenPin): ChosenSource {
  return {
    name: pin.name,
    version: pin.version,
    digest: pin.digest,
    archive: archiveName(pin.origin),
    ...(pin.origin.member === undefined ? {} : { member: pin.origin.member }),
    origin: pin.origin.kind,
  };
}

/** The file name that an origin gives its archive. */
export function archiveName(origin: Origin): string {
  switch (origin.kind) {
    case 'apt':
      return origin.file;
    case 'https':
      return basename(new URL(origin.url).pathname);
    case 'mirror':
    case 'file':
      return basename(origin.path);
  }
}
