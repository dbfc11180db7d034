/**
 * Events become what people see: a live view on a terminal, lines elsewhere, a summary, a trace. It decides nothing.
 * Invariant: people's text goes to stderr, results to stdout; this folder and cli alone print.
 */
export { type Ink, makeInk } from './ink.ts';
export { type Every, type LinesOptions, linesReporter } from './lines-reporter.ts';
export { type LiveOptions, type LiveReporter, liveReporter, type Terminal } from './live-reporter.ts';
export { type PlainOptions, plainReporter, type WriteLine } from './plain-reporter.ts';
export { problemLines } from './problem-lines.ts';
export { SummaryCollector } from './run-summary.ts';
export { estimateLeftMs, roundLeftMs } from './time-left.ts';
export { traceReporter } from './trace.ts';
