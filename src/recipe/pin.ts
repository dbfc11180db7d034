import type { Digest } from '#base';

/** The kinds of origin, in the order in which they are tried unless the user says otherwise. */
export const ORIGIN_KINDS = ['mirror', 'https', 'apt', 'file'] as const;
export type OriginKind = (typeof ORIGIN_KINDS)[number];

type Place =
  /** A path that is put behind the addresses of a mirror list. */
  | { readonly kind: 'mirror'; readonly list: string; readonly path: string }
  | { readonly kind: 'https'; readonly url: string }
  /** One file of a source package, from the Debian archive that the machine's apt is set up with. */
  | { readonly kind: 'apt'; readonly source: string; readonly version: string; readonly file: string }
  /** A file of this machine, relative to the list that names it. */
  | { readonly kind: 'file'; readonly path: string };

/** Where the bytes of a source can be had. */
export type Origin = Place & {
  /** As it was written. */
  readonly text: string;
  /** The archive inside the archive that is the source: its path there. */
  readonly member?: string;
};

/** One line of packages.list: which bytes a source is, and one place to get them from. */
export type Pin = {
  readonly name: string;
  readonly version: string;
  readonly origin: Origin;
  readonly digest: Digest;
  /** Undefined where the list says `-`. */
  readonly sizeBytes: number | undefined;
  /** The line it was read from. */
  readonly line: number;
};
