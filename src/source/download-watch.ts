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
};

/** A kibibyte a second is less than a telephone line gives; half an hour is enough for Linux at 80 KB/s. */
export const DEFAULT_LIMITS: DownloadLimits = {
  connectMs: 10_000,
  silenceMs: 30_000,
  leastBytes: 60 * 1024,
  leastWithinMs: 60_000,
  totalMs: 30 * 60_000,
};

/** Watches one download, and gives it up when it takes longer than its limits allow. */
export type DownloadWatch = Disposable & {
  /** Aborted when the download is given up, or the run is stopped. */
  readonly signal: AbortSignal;
  /** Something came in: headers, or so many bytes. */
  received(sizeBytes: number): void;
  /** Why the download was given up; undefined while it was not. */
  reasonToGiveUp(): string | undefined;
};

/** Begins to watch. */
export function watchDownload(limits: DownloadLimits, clock: Clock, stop?: AbortSignal): DownloadWatch {
  const giveUp = new AbortController();
  const startedAtMs = clock.nowMs();
  let heardAtMs = startedAtMs;
  let span = { fromMs: startedAtMs, sizeBytes: 0 };
  let reason: string | undefined;
  let timer: Disposable | undefined;

  const check = (): void => {
    const nowMs = clock.nowMs();
    reason = reasonAt(nowMs, { startedAtMs, heardAtMs, span }, limits);
    if (reason !== undefined) {
      giveUp.abort(new DOMException(reason, 'TimeoutError'));
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
    reasonToGiveUp: () => reason,
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  };
}

type Heard = {
  readonly startedAtMs: number;
  readonly heardAtMs: number;
  readonly span: { readonly fromMs: number; readonly sizeBytes: number };
};

function reasonAt(nowMs: number, heard: Heard, limits: DownloadLimits): string | undefined {
  if (nowMs - heard.startedAtMs >= limits.totalMs)
    return `took longer than ${formatDuration(limits.totalMs)}`;
  if (nowMs - heard.heardAtMs >= limits.silenceMs)
    return `sent nothing for ${formatDuration(limits.silenceMs)}`;
  const isSlow =
    nowMs - heard.span.fromMs >= limits.leastWithinMs && heard.span.sizeBytes < limits.leastBytes;
  if (!isSlow) return undefined;
  return `sent less than ${formatBytes(limits.leastBytes)} in ${formatDuration(limits.leastWithinMs)}`;
}
