import type { Origin, OriginKind } from '#recipe';
import type { Verdict } from './verified-file.ts';

/** What an origin said: a verdict on the bytes it gave, or why it gave none. */
export type Answer = Verdict | BadSignature | Unavailable;

/** There are no bytes, for this reason. */
export type Unavailable = {
  readonly outcome: 'unavailable';
  readonly reason: string;
  /** It was not asked at all, since something earlier in the run had failed. */
  readonly wasSkipped?: boolean;
};

/** The bytes have the pinned digest, and upstream's signature does not stand for them. */
export type BadSignature = {
  readonly outcome: 'bad-signature';
  readonly reason: string;
  /** The line that pins the signature. */
  readonly place: string;
};

/** An origin of one kind. */
export type OriginOf<Kind extends OriginKind> = Extract<Origin, { readonly kind: Kind }>;

/** No bytes, for this reason. */
export function unavailable(reason: string): Unavailable {
  return { outcome: 'unavailable', reason };
}
