/** What several runs of one thing came to. */
export type Spread = {
  readonly count: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
};

/** The middle of the values, or the mean of the two in the middle. NaN when there is none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Median, least and most of the values; undefined when there is none. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  return {
    count: values.length,
    median: medianOf(values),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

/** A median with its spread, in the words of `format`: `4.2 s (4.1 s – 4.4 s)`; one value stands alone. */
export function formatSpread(spread: Spread | undefined, format: (value: number) => string): string {
  if (spread === undefined) return '–';
  const { count, median, min, max } = spread;
  return count === 1 ? format(median) : `${format(median)} (${format(min)} – ${format(max)})`;
}

/** A quotient with two decimals, or three digits once it is large: `1.07 ×`, `286 ×`. */
export function formatRatio(value: number | undefined, of: number | undefined): string {
  if (value === undefined || of === undefined || of === 0 || Number.isNaN(value / of)) return '–';
  const ratio = value / of;
  return `${ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2)} ×`;
}

/** A part of a hundred: `93.4 %`. */
export function formatPercent(percent: number): string {
  return `${percent.toFixed(1)} %`;
}

/** Milliseconds where a second would be too coarse: `84 ms`, `1.25 s`. */
export function formatMs(durationMs: number): string {
  if (durationMs < 10) return `${durationMs.toFixed(1)} ms`;
  return durationMs < 1000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1000).toFixed(2)} s`;
}
