/** Most that a signature may have: an armored one of the longest RSA key has 1.2 KB, and a release few signers. */
export const MAX_SIGNATURE_BYTES = 64 * 1024;

/** A small file, or why there is none. */
export type Small = { readonly bytes: Uint8Array } | { readonly reason: string };

/** The bytes of a stream; of more than a signature may have, one byte more than that. */
export async function readSmall(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    read.push(chunk);
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_SIGNATURE_BYTES) break;
  }
  return Buffer.concat(read).subarray(0, MAX_SIGNATURE_BYTES + 1);
}
