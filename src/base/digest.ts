import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 of bytes: 64 hexadecimal digits. Only the functions of this file make one. */
export type Digest = string & { readonly __brand: 'Digest' };

/** The digest of bytes, or of text as UTF-8. */
export function digestOfBytes(bytes: Uint8Array | string): Digest {
  return createHash('sha256').update(bytes).digest('hex') as Digest;
}

/** The digest of plain data: of its canonical JSON, so that the order of fields does not matter. */
export function digestOfData(data: unknown): Digest {
  return digestOfBytes(canonicalJson(data));
}

/** Reads a digest that was written down; undefined when it is not one. A `sha256:` in front is accepted. */
export function parseDigest(text: string): Digest | undefined {
  const digits = text.startsWith('sha256:') ? text.slice('sha256:'.length) : text;
  return /^[0-9a-f]{64}$/.test(digits) ? (digits as Digest) : undefined;
}

/** A digest that is computed piece by piece, for what does not fit into memory. */
export function startDigest(): { update(bytes: Uint8Array): void; end(): Digest } {
  const hash = createHash('sha256');
  return {
    update: (bytes) => void hash.update(bytes),
    end: () => hash.digest('hex') as Digest,
  };
}
