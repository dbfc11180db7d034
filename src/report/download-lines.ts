import { formatBytes } from '#base';
import { formatClock } from './clock.ts';
import type { Downloads } from './downloads.ts';
import { bar, type FrameOptions, isWide, leftWords, type Signs } from './frame-parts.ts';
import type { Piece } from './pieces.ts';
import type { Running } from './run-view.ts';

/** A source on its way, as a line shows it. */
export type ShownDownload = {
  readonly running: Running;
  readonly receivedBytes: number;
  readonly sizeBytes: number | undefined;
  readonly bytesPerSecond: number;
  /** Columns of the longest name. */
  readonly nameWidth: number;
};

/** `linux     0:12 61.0 MiB of 138.2 MiB · 5.1 MiB/s   ━━━━━━━─────────` */
export function downloadLine(shown: ShownDownload, options: FrameOptions, signs: Signs): Piece[] {
  const { running, receivedBytes, sizeBytes, bytesPerSecond, nameWidth } = shown;
  const wide = isWide(options);
  const words = `${sizeWords(receivedBytes, sizeBytes)}${signs.dot}${speedWords(bytesPerSecond)}`;
  const pieces: Piece[] = [
    { text: `${running.name.padEnd(nameWidth)} ` },
    { text: `${formatClock(options.nowMs - running.startedAtMs).padStart(wide ? 7 : 0)} ` },
    { text: wide ? words.padEnd(40) : words, paint: 'dim' },
  ];
  return wide && sizeBytes !== undefined ? [...pieces, ...bar(receivedBytes / sizeBytes, 16, signs)] : pieces;
}

/** `━━━───── 12/96 · 140.2 MiB of 480.0 MiB · 5.1 MiB/s · about 1 min 10 s left` */
export function downloadsLine(downloads: Downloads, options: FrameOptions, signs: Signs): Piece[] {
  const { done, total, receivedBytes, sizeBytes } = downloads;
  const wide = isWide(options);
  const leftMs = downloads.leftMs(options.nowMs);
  const share = sizeBytes === undefined ? done / total : receivedBytes / sizeBytes;
  const parts = [
    `${done}/${total}`,
    ...(wide ? [sizeWords(receivedBytes, sizeBytes)] : []),
    speedWords(downloads.bytesPerSecond(options.nowMs)),
    ...(leftMs === undefined ? [] : [leftWords(leftMs, options)]),
  ];
  return [...bar(share, wide ? 8 : 6, signs), { text: ` ${parts.join(signs.dot)}` }];
}

/** `61.0 MiB of 138.2 MiB` */
export function sizeWords(receivedBytes: number, sizeBytes: number | undefined): string {
  const of = sizeBytes === undefined ? '' : ` of ${formatBytes(sizeBytes)}`;
  return `${formatBytes(receivedBytes)}${of}`;
}

/** `5.1 MiB/s` */
export function speedWords(bytesPerSecond: number): string {
  return `${formatBytes(Math.round(bytesPerSecond))}/s`;
}
