import { formatBytes, formatDuration } from '#base';
import { formatClock } from './clock.ts';
import type { Ink } from './ink.ts';
import { cutLine, type Piece } from './pieces.ts';
import type { Running, RunView } from './run-view.ts';
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

type Signs = { readonly full: string; readonly empty: string; readonly dot: string; readonly more: string };

const SIGNS: Readonly<Record<'unicode' | 'ascii', Signs>> = {
  unicode: { full: '━', empty: '─', dot: ' · ', more: '…' },
  ascii: { full: '#', empty: '-', dot: ' | ', more: '...' },
};

/** A terminal with fewer columns gets no bars beside its builds. */
const WIDE_COLUMNS = 64;

/** Longer ones would leave no room for what a build does. */
const LONGEST_NAME = 28;

/**
 * The block below the scrolling lines: what runs, what is next, how far the run is. At most `rows` - 1 lines, each
 * shorter than the terminal is wide; none when there is nothing to show.
 */
export function drawFrame(view: RunView, options: FrameOptions): readonly string[] {
  const running = view.running();
  const hasTotal = view.total > 0 && view.done() < view.total;
  if (running.length === 0 && !hasTotal) return [];
  const signs = SIGNS[options.unicode ? 'unicode' : 'ascii'];
  const total = hasTotal ? [totalLine(view, options, signs)] : [];
  const below = hasTotal ? [queueLine(view, options, signs), usageLine(view, options, signs)] : [];
  const room = Math.max(options.rows - 1, 1);
  // What gives way first is the use of the machine, then the queue, then builds; how far the run is stays.
  const extra = below
    .filter((line) => line.length > 0)
    .slice(0, Math.max(room - total.length - running.length, 0));
  const shown = runningLines(running, room - total.length - extra.length, options, signs);
  return [...shown, ...extra, ...total].map((line) => cutLine(line, options.columns - 1, options.ink));
}

function runningLines(
  running: readonly Running[],
  room: number,
  options: FrameOptions,
  signs: Signs,
): readonly Piece[][] {
  if (room <= 0) return [];
  const nameWidth = Math.min(LONGEST_NAME, Math.max(...running.map(({ name }) => name.length)));
  const lines = running.map((one) => runningLine(one, nameWidth, options, signs));
  if (lines.length <= room) return lines;
  const hidden: Piece = { text: `${signs.more} and ${lines.length - room + 1} more`, paint: 'dim' };
  return [...lines.slice(0, room - 1), [hidden]];
}

/** `final/gcc  build      4:10 of ~13:45  ━━━━───────` */
function runningLine(one: Running, nameWidth: number, options: FrameOptions, signs: Signs): Piece[] {
  const { name, phase, startedAtMs, estimateMs } = one;
  const tookMs = options.nowMs - startedAtMs;
  const isWide = options.columns >= WIDE_COLUMNS;
  const words = isWide ? phase.padEnd(9) : phase;
  const expected = estimateMs === undefined ? '' : `${isWide ? ' of ' : '/'}~${formatClock(estimateMs)}`;
  const pieces: Piece[] = [
    { text: `${name.padEnd(nameWidth)} ` },
    { text: words === '' ? '' : `${words} `, paint: 'dim' },
    { text: formatClock(tookMs).padStart(isWide ? 7 : 0) },
    { text: isWide ? expected.padEnd(14) : expected, paint: 'dim' },
  ];
  if (!isWide || estimateMs === undefined) return pieces;
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
function usageLine(view: RunView, { nowMs, columns }: FrameOptions, signs: Signs): Piece[] {
  const elapsedMs = view.elapsedMs(nowMs);
  const isWide = columns >= WIDE_COLUMNS;
  const parts = [
    ...(view.usage === undefined
      ? []
      : [
          `${view.usage.coresBusy.toFixed(1)} of ${view.jobs} cores${isWide ? ' busy' : ''}`,
          ...(isWide ? [formatBytes(view.usage.memoryBytes)] : []),
        ]),
    ...(view.reused === 0 ? [] : [`${view.reused} ${isWide ? 'from the store' : 'reused'}`]),
    ...(elapsedMs === undefined ? [] : [`${formatClock(elapsedMs)} so far`]),
  ];
  return parts.length === 0 ? [] : [{ text: parts.join(signs.dot), paint: 'dim' }];
}

/** `━━━━━━━━──────────── 34 of 86 · 40 % · 1 failed · about 12 min left` */
function totalLine(view: RunView, options: FrameOptions, signs: Signs): Piece[] {
  const share = view.shareDone(options.nowMs);
  const leftMs = view.leftMs(options.nowMs);
  const isWide = options.columns >= WIDE_COLUMNS;
  const left = leftMs === undefined ? '' : `${signs.dot}${leftWords(leftMs, isWide)}`;
  return [
    ...bar(share, isWide ? 24 : 6, signs),
    { text: ` ${view.done()}${isWide ? ' of ' : '/'}${view.total}${signs.dot}${Math.floor(share * 100)} %` },
    ...(view.failed === 0 ? [] : [{ text: `${signs.dot}${view.failed} failed`, paint: 'bad' } as const]),
    { text: left },
  ];
}

function leftWords(leftMs: number, isWide: boolean): string {
  const roundedMs = roundLeftMs(leftMs);
  return isWide ? `about ${formatDuration(roundedMs)} left` : `~${formatClock(roundedMs)}`;
}

function bar(share: number, width: number, signs: Signs): Piece[] {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return [
    { text: signs.full.repeat(full), paint: 'good' },
    { text: signs.empty.repeat(width - full), paint: 'dim' },
  ];
}
