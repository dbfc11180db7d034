import { formatClock } from './clock.ts';
import { sizeWords, speedWords } from './download-lines.ts';
import { bar, type FrameOptions, isWide, leftWords, type Signs } from './frame-parts.ts';
import type { Piece } from './pieces.ts';
import type { Running } from './run-view.ts';
import type { Transfer } from './transfers.ts';

/** A terminal with fewer columns has room for the words alone. */
const BAR_COLUMNS = 100;

/** `write /dev/sdb    0:12 61.0 MiB of 138.2 MiB · 29.8 MiB/s · about 15 s left  ━━━━━━━─────────` */
export function transferLine(
  {
    running,
    transfer,
    nameWidth,
  }: { readonly running: Running; readonly transfer: Transfer; readonly nameWidth: number },
  options: FrameOptions,
  signs: Signs,
): Piece[] {
  const { doneBytes, sizeBytes, bytesPerSecond, leftMs } = transfer;
  const wide = isWide(options);
  const percent = `${Math.floor((doneBytes / sizeBytes) * 100)} %`;
  const words = [
    ...(wide ? [sizeWords(doneBytes, sizeBytes), speedWords(bytesPerSecond)] : [percent]),
    ...(leftMs === undefined ? [] : [leftWords(leftMs, options)]),
  ].join(signs.dot);
  const pieces: Piece[] = [
    { text: `${running.name.padEnd(nameWidth)} ` },
    { text: `${formatClock(options.nowMs - running.startedAtMs).padStart(wide ? 7 : 0)} ` },
    { text: words, paint: 'dim' },
  ];
  return options.columns < BAR_COLUMNS
    ? pieces
    : [...pieces, { text: ' ' }, ...bar(doneBytes / sizeBytes, 16, signs)];
}
