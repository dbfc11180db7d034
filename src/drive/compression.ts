/** How an image can be compressed. */
export type Compression = 'zstd' | 'xz' | 'gzip';

/** The first bytes of each: RFC 8878 §3.1.1, the .xz file format §2.1.1.1, RFC 1952 §2.3.1. */
const MAGICS: readonly (readonly [Compression, readonly number[]])[] = [
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['gzip', [0x1f, 0x8b]],
];

/** How many bytes `compressionOf` has to see. */
export const MAGIC_BYTES = 6;

/** How a file is compressed, by its first bytes; names may lie. */
export function compressionOf(beginning: Buffer): Compression | undefined {
  return MAGICS.find(([, magic]) => beginning.subarray(0, magic.length).equals(Buffer.from(magic)))?.[0];
}
