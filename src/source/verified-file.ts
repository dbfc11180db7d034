import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Digest, type HostPath, startDigest } from '#base';
import type { Pin } from '#recipe';

/** Most that a source of unknown size may have; the largest known one (Linux) has 150 MB. */
export const MAX_UNKNOWN_SIZE_BYTES = 1024 ** 3;

/** What became of bytes that were written and verified on the way. */
export type Verdict =
  | { readonly outcome: 'verified'; readonly sizeBytes: number }
  | { readonly outcome: 'wrong-size'; readonly expected: string; readonly actual: string }
  | { readonly outcome: 'wrong-digest'; readonly expected: Digest; readonly actual: Digest };

/** The most bytes that a pin's source may have. */
export function sizeLimit(pin: Pin): number {
  return pin.sizeBytes ?? MAX_UNKNOWN_SIZE_BYTES;
}

/** Writes a stream to a file and compares size and digest with the pin; reads no further than the pin allows. */
export async function writeVerified(
  chunks: AsyncIterable<Uint8Array>,
  file: HostPath,
  pin: Pin,
  signal?: AbortSignal,
): Promise<Verdict> {
  const digest = startDigest();
  const limit = sizeLimit(pin);
  let sizeBytes = 0;
  const measure = async function* (input: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of input) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > limit) return;
      digest.update(chunk);
      yield chunk;
    }
  };
  await pipeline(chunks, measure, createWriteStream(file, { mode: 0o600 }), { ...(signal && { signal }) });
  if (sizeBytes > limit) return wrongSize(pin, `more than ${limit} bytes`);
  if (pin.sizeBytes !== undefined && sizeBytes !== pin.sizeBytes) return wrongSize(pin, `${sizeBytes} bytes`);
  const actual = digest.end();
  return actual === pin.digest
    ? { outcome: 'verified', sizeBytes }
    : { outcome: 'wrong-digest', expected: pin.digest, actual };
}

/** A size that does not fit the pin. */
export function wrongSize(pin: Pin, actual: string): Verdict {
  const expected = pin.sizeBytes === undefined ? `at most ${sizeLimit(pin)} bytes` : `${pin.sizeBytes} bytes`;
  return { outcome: 'wrong-size', expected, actual };
}
