import { formatDuration } from '#base';
import { formatClock } from './clock.ts';
import type { Ink } from './ink.ts';
import type { Piece } from './pieces.ts';
import { roundLeftMs } from './time-left.ts';

/** What a frame is drawn for. */
export type FrameOptions = {
  readonly columns: number;
  readonly rows: number;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
  readonly ink: Ink;
  readonly nowMs: number;
};

/** The characters of a frame that are no text. */
export type Signs = {
  readonly full: string;
  readonly empty: string;
  readonly dot: string;
  readonly more: string;
};

export const SIGNS: Readonly<Record<'unicode' | 'ascii', Signs>> = {
  unicode: { full: '━', empty: '─', dot: ' · ', more: '…' },
  ascii: { full: '#', empty: '-', dot: ' | ', more: '...' },
};

/** A terminal with fewer columns gets no bars beside its builds. */
const WIDE_COLUMNS = 64;

export function isWide({ columns }: FrameOptions): boolean {
  return columns >= WIDE_COLUMNS;
}

/** `about 12 min left`, or `~12:00` where there is little room. */
export function leftWords(leftMs: number, options: FrameOptions): string {
  const roundedMs = roundLeftMs(leftMs);
  return isWide(options) ? `about ${formatDuration(roundedMs)} left` : `~${formatClock(roundedMs)}`;
}

/** A bar that is full up to a share. */
export function bar(share: number, width: number, signs: Signs): Piece[] {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return [
    { text: signs.full.repeat(full), paint: 'good' },
    { text: signs.empty.repeat(width - full), paint: 'dim' },
  ];
}
