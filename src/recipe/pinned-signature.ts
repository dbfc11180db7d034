import type { HostPath } from '#base';
import type { Origin } from './pin.ts';

/** Old algorithms that nobody trusts by default; the line of a signature that was made with them names them. */
export const SIGNATURE_EXCEPTIONS = ['dsa', 'sha1'] as const;
export type SignatureException = (typeof SIGNATURE_EXCEPTIONS)[number];

/** One line of signatures.list: where upstream's signature of a source lies, and whose it must be. */
export type PinnedSignature = {
  readonly name: string;
  /** What is put behind the archive's name (`.sig`), or an origin of its own. */
  readonly location: string | Origin;
  /** What was signed: the archive as it is fetched, or the tar inside it before it was compressed (kernel.org). */
  readonly covers: 'file' | 'tar';
  /** The file with the public keys. */
  readonly keyring: HostPath;
  /** Of the keys in it that may sign this source: their primary keys, in capitals. */
  readonly fingerprints: readonly string[];
  readonly exceptions: readonly SignatureException[];
  /** `file:line` that it was read from. */
  readonly place: string;
};
