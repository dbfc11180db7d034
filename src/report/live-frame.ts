import { formatBytes } from '#base';
import { formatClock } from './clock.ts';
import { downloadLine, downloadsLine } from './download-lines.ts';
import { bar, type FrameOptions, isWide, leftWords, SIGNS, type Signs } from './frame-parts.ts';
import { cutLine, type Piece } from './pieces.ts';
import type { Running, RunView } from './run-view.ts';
import { transferLine } from './transfer-line.ts';

/** Longer ones would leave no room for what a build does. */
const LONGEST_NAME = 28;

/**
 * The block below the scrolling lines: what runs, what is next, how far the run is. At most `rows` - 1 lines, each
 * shorter than the terminal is wide; none when there is nothing to show.
 */
export function drawFrame(view: RunView, options: FrameOptions): readonly string[] {
  const running = view.running();
  const hasTotal = view.total > 0 && view.done() < view.total;
  const hasDownloads = view.downloads.done < view.downloads.total;
  if (running.length === 0 && !hasTotal && !hasDownloads) return [];
  const signs = SIGNS[options.unicode ? 'unicode' : 'ascii'];
  const room = Math.max(options.rows - 1, 1);
  const total = [
    ...(hasDownloads ? [downloadsLine(view.downloads, options, signs)] : []),
    ...(hasTotal ? [totalLine(view, options, signs)] : []),
  ].slice(-room);
  const below = hasTotal ? [queueLine(view, options, signs), usageLine(view, options, signs)] : [];
  // What gives way first is the use of the machine, then the queue, then builds; how far the run is stays.
  const extra = below
    .filter((line) => line.length > 0)
    .slice(0, Math.max(room - total.length - running.length, 0));
  const lines = linesOf(running, view, options, signs);
  const shown = cutLines(lines, room - total.length - extra.length, signs);
  return [...shown, ...extra, ...total].map((line) => cutLine(line, options.columns - 1, options.ink));
}

function linesOf(
  running: readonly Running[],
  { downloads, transfers }: Pick<RunView, 'downloads' | 'transfers'>,
  options: FrameOptions,
  signs: Signs,
): readonly Piece[][] {
  const nameWidth = Math.min(LONGEST_NAME, Math.max(...running.map(({ name }) => name.length)));
  return running.map((one) => {
    const transfer = transfers.of(one.name, options.nowMs);
    if (transfer !== undefined) return transferLine({ running: one, transfer, nameWidth }, options, signs);
    const download = downloads.of(one.name);
    if (download === undefined) return runningLine(one, nameWidth, options, signs);
    const bytesPerSecond = downloads.bytesPerSecond(options.nowMs, one.name);
    return downloadLine({ ...download, running: one, bytesPerSecond, nameWidth }, options, signs);
  });
}

function cutLines(lines: readonly Piece[][], room: number, signs: Signs): readonly Piece[][] {
  if (room <= 0) return [];
  if (lines.length <= room) return lines;
  const hidden: Piece = { text: `${signs.more} and ${lines.length - room + 1} more`, paint: 'dim' };
  return [...lines.slice(0, room - 1), [hidden]];
}

/** `final/gcc  build      4:10 of ~13:45  ━━━━───────` */
function runningLine(one: Running, nameWidth: number, options: FrameOptions, signs: Signs): Piece[] {
  const { name, phase, startedAtMs, estimateMs } = one;
  const tookMs = options.nowMs - startedAtMs;
  const wide = isWide(options);
  const words = wide ? phase.padEnd(9) : phase;
  const expected = estimateMs === undefined ? '' : `${wide ? ' of ' : '/'}~${formatClock(estimateMs)}`;
  const pieces: Piece[] = [
    { text: `${name.padEnd(nameWidth)} ` },
    { text: words === '' ? '' : `${words} `, paint: 'dim' },
    { text: formatClock(tookMs).padStart(wide ? 7 : 0) },
    { text: wide ? expected.padEnd(14) : expected, paint: 'dim' },
  ];
  if (!wide || estimateMs === undefined) return pieces;
  return [...pieces, ...bar(tookMs / estimateMs, 16, signs)];
}

/** `next: final/bash, final/sed; 5 ready, 40 waiting` */
function queueLine(view: RunView, { columns }: FrameOptions, signs: Signs): Piece[] {
  const ready = view.ready();
  const waiting = view.waiting();
  if (ready.length === 0 && waiting === 0) return [];
  const counts = `${ready.length} ready${signs.dot}${waiting} waiting`;
  // As many names as there is room for, and the counts in any case.
  const named: string[] = [];
  for (const name of ready.slice(0, 3)) {
    if (`next: ${[...named, name].join(', ')}${signs.dot}${counts}`.length < columns - 1) named.push(name);
  }
  const next = named.length === 0 ? '' : `next: ${named.join(', ')}${signs.dot}`;
  return [{ text: `${next}${counts}`, paint: 'dim' }];
}

/** `1.9 of 2 cores busy · 812 MiB · 23 from the store · 12:31 so far` */
function usageLine(view: RunView, options: FrameOptions, signs: Signs): Piece[] {
  const elapsedMs = view.elapsedMs(options.nowMs);
  const wide = isWide(options);
  const parts = [
    ...(view.usage === undefined
      ? []
      : [
          `${view.usage.coresBusy.toFixed(1)} of ${view.jobs} cores${wide ? ' busy' : ''}`,
          ...(wide ? [formatBytes(view.usage.memoryBytes)] : []),
        ]),
    ...(view.reused === 0 ? [] : [`${view.reused} ${wide ? 'from the store' : 'reused'}`]),
    ...(elapsedMs === undefined ? [] : [`${formatClock(elapsedMs)} so far`]),
  ];
  return parts.length === 0 ? [] : [{ text: parts.join(signs.dot), paint: 'dim' }];
}

/** `━━━━━━━━──────────── 34 of 86 · 40 % · 1 failed · about 12 min left` */
function totalLine(view: RunView, options: FrameOptions, signs: Signs): Piece[] {
  const share = view.shareDone(options.nowMs);
  const leftMs = view.leftMs(options.nowMs);
  const wide = isWide(options);
  const left = leftMs === undefined ? '' : `${signs.dot}${leftWords(leftMs, options)}`;
  return [
    ...bar(share, wide ? 24 : 6, signs),
    { text: ` ${view.done()}${wide ? ' of ' : '/'}${view.total}${signs.dot}${Math.floor(share * 100)} %` },
    ...(view.failed === 0 ? [] : [{ text: `${signs.dot}${view.failed} failed`, paint: 'bad' } as const]),
    { text: left },
  ];
}
