import type { Origin, OriginKind } from '#recipe';
import type { Verdict } from './verified-file.ts';

/** What an origin said: a verdict on the bytes it gave, or why it gave none. */
export type Answer =
  | Verdict
  | {
      readonly outcome: 'unavailable';
      readonly reason: string;
      /** It was not asked at all, since something earlier in the run had failed. */
      readonly wasSkipped?: boolean;
    };

/** An origin of one kind. */
export type OriginOf<Kind extends OriginKind> = Extract<Origin, { readonly kind: Kind }>;

/** No bytes, for this reason. */
export function unavailable(reason: string): Answer {
  return { outcome: 'unavailable', reason };
}
