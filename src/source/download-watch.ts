import { formatBytes, formatDuration } from '#base';
import type { Clock } from './clock.ts';

/** What one download from one address may take, over all its pieces. Its size is bounded by the pin. */
export type DownloadLimits = {
  /** Longest time until a connection stands. */
  readonly connectMs: number;
  /** Longest silence. */
  readonly silenceMs: number;
  /** So many bytes at least have to come in each such time. */
  readonly leastBytes: number;
  readonly leastWithinMs: number;
  /** Longest time for the whole. */
  readonly totalMs: number;
  /** How long a server that broke off is left alone before it is asked again; twice as long the second time. */
  readonly pauseMs: number;
};

/** A kibibyte a second is less than a telephone line gives; half an hour is enough for Linux at 80 KB/s. */
export const DEFAULT_LIMITS: DownloadLimits = {
  connectMs: 10_000,
  silenceMs: 30_000,
  leastBytes: 60 * 1024,
  leastWithinMs: 60_000,
  totalMs: 30 * 60_000,
  pauseMs: 2000,
};

/** Watches one download, and gives it up when it takes longer than its limits allow. */
export type DownloadWatch = Disposable & {
  /** Aborted when the download is given up, or the run is stopped. */
  readonly signal: AbortSignal;
  /** Something came in: headers, or so many bytes. */
  received(sizeBytes: number): void;
  /** Why the download was given up; undefined while it was not. */
  gaveUp(): GivenUp | undefined;
};

export type GivenUp = {
  readonly reason: string;
  /** Whether it would be so with each source of that host. The whole may just be large, and our line slow. */
  readonly blamesHost: boolean;
};

/** Begins to watch. */
export function watchDownload(limits: DownloadLimits, clock: Clock, stop?: AbortSignal): DownloadWatch {
  const giveUp = new AbortController();
  const startedAtMs = clock.nowMs();
  let heardAtMs = startedAtMs;
  let span = { fromMs: startedAtMs, sizeBytes: 0 };
  let givenUp: GivenUp | undefined;
  let timer: Disposable | undefined;

  const check = (): void => {
    const nowMs = clock.nowMs();
    givenUp = judgeTimes(nowMs, { startedAtMs, heardAtMs, span }, limits);
    if (givenUp !== undefined) {
      giveUp.abort(new DOMException(givenUp.reason, 'TimeoutError'));
      return;
    }
    if (nowMs - span.fromMs >= limits.leastWithinMs) span = { fromMs: nowMs, sizeBytes: 0 };
    const nextMs = Math.min(
      startedAtMs + limits.totalMs,
      heardAtMs + limits.silenceMs,
      span.fromMs + limits.leastWithinMs,
    );
    timer = clock.after(nextMs - nowMs, check);
  };
  check();
  return {
    signal: stop === undefined ? giveUp.signal : AbortSignal.any([giveUp.signal, stop]),
    received: (sizeBytes) => {
      heardAtMs = clock.nowMs();
      span.sizeBytes += sizeBytes;
    },
    gaveUp: () => givenUp,
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  };
}

type Heard = {
  readonly startedAtMs: number;
  readonly heardAtMs: number;
  readonly span: { readonly fromMs: number; readonly sizeBytes: number };
};

function judgeTimes(nowMs: number, heard: Heard, limits: DownloadLimits): GivenUp | undefined {
  if (nowMs - heard.startedAtMs >= limits.totalMs) {
    return { reason: `took longer than ${formatDuration(limits.totalMs)}`, blamesHost: false };
  }
  if (nowMs - heard.heardAtMs >= limits.silenceMs) {
    return { reason: `sent nothing for ${formatDuration(limits.silenceMs)}`, blamesHost: true };
  }
  const { fromMs, sizeBytes } = heard.span;
  if (nowMs - fromMs < limits.leastWithinMs || sizeBytes >= limits.leastBytes) return undefined;
  const least = `${formatBytes(limits.leastBytes)} in ${formatDuration(limits.leastWithinMs)}`;
  return { reason: `sent less than ${least}`, blamesHost: true };
}
