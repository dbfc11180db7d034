/**
 * Events become lines: for people (plain), for programs (JSON). Not what decides anything.
 * Invariant: people's text goes to stderr, results to stdout; this folder and cli alone print.
 */
export { type Ink, makeInk } from './ink.ts';
export { type LiveOptions, liveReporter, type Terminal } from './live-reporter.ts';
export { type PlainOptions, plainReporter, type WriteLine } from './plain-reporter.ts';
export { problemLines } from './problem-lines.ts';
