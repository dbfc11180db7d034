import { endOf } from './join-ranges.ts';
import type { PlannedRange } from './write-plan.ts';

/** What is written and read at once: large enough for a stick to be at its fastest. */
export const PIECE_BYTES = 4 * 1024 * 1024;

/**
 * The ranges cut into pieces, in order, at whole multiples of the size of a piece: erase blocks of flash end there.
 * Throws where the signal is aborted.
 */
export function* piecesOf(ranges: readonly PlannedRange[], signal: AbortSignal): Generator<PlannedRange> {
  for (const range of ranges) {
    for (let begin = range.offsetBytes; begin < endOf(range); ) {
      signal.throwIfAborted();
      const end = Math.min(endOf(range), (Math.floor(begin / PIECE_BYTES) + 1) * PIECE_BYTES);
      yield { offsetBytes: begin, lengthBytes: end - begin, from: range.from };
      begin = end;
    }
  }
}
