import type { Pin } from '#recipe';
import { type Answer, unavailable } from './answer.ts';
import { sizeLimit, wrongSize } from './verified-file.ts';

/** As much of a response as says what its body is. */
export type Head = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

/** Where the body of a response belongs. */
export type BodyPlace =
  /** Behind the bytes that are here, or at the beginning; and how long the whole will be, if the server says it. */
  | { readonly place: 'behind' | 'beginning'; readonly wholeBytes: number | undefined }
  /** Nowhere: the server does not know the part that it was asked for, and may know the whole. */
  | { readonly place: 'none' }
  | { readonly place: 'refused'; readonly answer: Answer };

/**
 * Judges a response to a request for what comes behind so many bytes, by RFC 9110, 14 and 15. No ETag is asked for:
 * mirrors of the same file have different ones, or none. The digest of the whole decides.
 */
export function placeOfBody({ statusCode, headers }: Head, behindBytes: number, pin: Pin): BodyPlace {
  switch (statusCode) {
    case 200: {
      const wholeBytes = wholeNumber(headers['content-length']);
      return refuseSize(wholeBytes, pin) ?? { place: 'beginning', wholeBytes };
    }
    case 206: {
      if (behindBytes === 0) break;
      const range = readRange(headers['content-range']);
      if (range === undefined || range.firstByte !== behindBytes) return { place: 'none' };
      return refuseSize(range.wholeBytes, pin) ?? { place: 'behind', wholeBytes: range.wholeBytes };
    }
    case 416:
      if (behindBytes > 0) return { place: 'none' };
  }
  return { place: 'refused', answer: unavailable(`answered ${statusCode}`) };
}

/** A file of another size than the pinned one is another file. */
function refuseSize(wholeBytes: number | undefined, pin: Pin): BodyPlace | undefined {
  if (wholeBytes === undefined) return undefined;
  const fits = pin.sizeBytes === undefined ? wholeBytes <= sizeLimit(pin) : wholeBytes === pin.sizeBytes;
  return fits ? undefined : { place: 'refused', answer: wrongSize(pin, `${wholeBytes} bytes`) };
}

/** `bytes 100-199/200`, or `bytes 100-199/*`. */
function readRange(
  header: string | string[] | undefined,
): { readonly firstByte: number; readonly wholeBytes: number | undefined } | undefined {
  const [, first, whole] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(String(header)) ?? [];
  if (first === undefined) return undefined;
  return { firstByte: Number(first), wholeBytes: whole === '*' ? undefined : Number(whole) };
}

function wholeNumber(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
