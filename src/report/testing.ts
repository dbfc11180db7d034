import { digestOfBytes } from '#base';
import type { Event, TimedEvent } from '#event';

/** A key where none matters. */
export const SOME_KEY = digestOfBytes('key');

/** When the runs of the tests begin. */
export const START_MS = 1_750_000_000_000;

/** An event so many seconds after the start of a run. */
export function at(seconds: number, event: Event): TimedEvent {
  return { ...event, atMs: START_MS + seconds * 1000 };
}

export function started(seconds: number, build: string): TimedEvent {
  return at(seconds, { type: 'action-started', build, key: SOME_KEY, log: `logs/${build}.log` });
}

export function phase(seconds: number, build: string, name: string): TimedEvent {
  return at(seconds, { type: 'phase-started', build, phase: name });
}

export function phaseFinished(seconds: number, build: string, name: string, durationMs: number): TimedEvent {
  return at(seconds, { type: 'phase-finished', build, phase: name, durationMs, cpuMs: durationMs });
}

type Outcome = Extract<Event, { type: 'action-finished' }>['outcome'];

export function finished(
  seconds: number,
  build: string,
  durationMs: number,
  outcome: Outcome = 'built',
): TimedEvent {
  const facts = { type: 'action-finished', build, key: SOME_KEY, outcome, durationMs } as const;
  return at(seconds, { ...facts, cpuMs: durationMs });
}

/** Builds with what each needs and how many seconds it is expected to take. */
export function planned(
  jobs: number,
  work: Readonly<Record<string, readonly [estimateSeconds: number, ...needs: string[]]>>,
): TimedEvent {
  return at(0, {
    type: 'run-planned',
    jobs,
    work: Object.entries(work).map(([build, [seconds, ...needs]]) => ({
      build,
      needs,
      estimateMs: seconds * 1000,
    })),
  });
}

/** A run in its middle: two from the store, one built, one failed, two running, three ready, some waiting. */
export const MIDDLE_OF_A_RUN: readonly TimedEvent[] = [
  at(0, { type: 'run-started', goals: ['system/linux'], builds: 11 }),
  planned(2, {
    'prepare/layout': [1],
    'toolchain/binutils': [70, 'prepare/layout'],
    'toolchain/gcc': [825, 'toolchain/binutils'],
    'temporary/m4': [30, 'toolchain/binutils'],
    'final/perl': [122, 'temporary/m4'],
    'final/bash': [60, 'temporary/m4'],
    'final/sed': [20, 'temporary/m4'],
    'final/iana-etc': [1, 'temporary/m4'],
    'final/tcl': [50, 'temporary/m4'],
    'final/expect': [40, 'final/perl'],
    'system/linux': [400, 'toolchain/gcc', 'final/perl'],
  }),
  finished(0, 'prepare/layout', 0, 'reused'),
  finished(0, 'toolchain/binutils', 0, 'reused'),
  started(1, 'toolchain/gcc'),
  started(1, 'temporary/m4'),
  phase(2, 'toolchain/gcc', 'build'),
  finished(41, 'temporary/m4', 40_000),
  started(42, 'final/tcl'),
  finished(43, 'final/tcl', 1000, 'failed'),
  started(220, 'final/perl'),
  phase(220, 'final/perl', 'configure'),
  at(250, { type: 'usage', coresBusy: 1.94, memoryBytes: 812 * 1024 ** 2 }),
];
