import type { TimedEvent } from '#event';
import { formatClock } from './clock.ts';
import { sizeWords, speedWords } from './download-lines.ts';
import type { Downloads } from './downloads.ts';
import { type PlainOptions, plainReporter, type WriteLine } from './plain-reporter.ts';
import { RunView } from './run-view.ts';
import { roundLeftMs } from './time-left.ts';
import type { Transfer } from './transfers.ts';

/** Does something again and again, until it is ended. */
export type Every = (periodMs: number, act: () => void) => Disposable;

export type LinesOptions = PlainOptions & {
  /** Milliseconds since 1970, on the clock that events have their times from. */
  readonly now: () => number;
  readonly every: Every;
};

/** A log that says nothing for longer looks like a program that hangs. */
const HEARTBEAT_MS = 30_000;

/** Plain lines, in order, and where nothing ends for a while a line that says what runs. */
export function linesReporter(
  write: WriteLine,
  options: LinesOptions,
): Disposable & { readonly emit: (event: TimedEvent) => void } {
  const view = new RunView();
  const plain = plainReporter(write, options);
  const beat = (): void => {
    const line = heartbeatLine(view, options.now());
    if (line !== undefined) write(line);
  };
  const timer = options.quiet ? undefined : options.every(HEARTBEAT_MS, beat);
  return {
    emit: (event) => {
      view.take(event);
      plain(event);
    },
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  };
}

/** `running: final/gcc build 4:10 of ~13:45, final/perl 0:31; 34 of 86 done, 2 ready, 40 waiting`; or nothing runs. */
export function heartbeatLine(view: RunView, nowMs: number): string | undefined {
  const running = view.running();
  if (running.length === 0) return undefined;
  const { downloads, transfers } = view;
  const parts = running.map(({ name, phase, startedAtMs, estimateMs }) => {
    const transfer = transfers.of(name, nowMs);
    if (transfer !== undefined) return transferWords(name, transfer);
    const download = downloads.of(name);
    if (download !== undefined) {
      const speed = speedWords(downloads.bytesPerSecond(nowMs, name));
      return `${name} ${sizeWords(download.receivedBytes, download.sizeBytes)} at ${speed} ${formatClock(nowMs - startedAtMs)}`;
    }
    const expected = estimateMs === undefined ? '' : ` of ~${formatClock(estimateMs)}`;
    return `${name}${phase === '' ? '' : ` ${phase}`} ${formatClock(nowMs - startedAtMs)}${expected}`;
  });
  const counts = `${view.done()} of ${view.total} done, ${view.ready().length} ready, ${view.waiting()} waiting`;
  const leftMs = view.leftMs(nowMs);
  const left = leftMs === undefined ? '' : `, about ${formatClock(roundLeftMs(leftMs))} left`;
  const builds = view.total === 0 ? '' : `; ${counts}${left}`;
  return `running: ${parts.join(', ')}${sourcesLeft(downloads, nowMs)}${builds}`;
}

/** `write /dev/sdb 61.0 MiB of 138.2 MiB at 29.8 MiB/s, about 0:15 left` */
function transferWords(name: string, { doneBytes, sizeBytes, bytesPerSecond, leftMs }: Transfer): string {
  const left = leftMs === undefined ? '' : `, about ${formatClock(roundLeftMs(leftMs))} left`;
  return `${name} ${sizeWords(doneBytes, sizeBytes)} at ${speedWords(bytesPerSecond)}${left}`;
}

/** `; 12 of 96 sources, about 2:00 left` */
function sourcesLeft(downloads: Downloads, nowMs: number): string {
  if (downloads.done >= downloads.total) return '';
  const leftMs = downloads.leftMs(nowMs);
  const left = leftMs === undefined ? '' : `, about ${formatClock(roundLeftMs(leftMs))} left`;
  return `; ${downloads.done} of ${downloads.total} sources${left}`;
}
