/**
 * The closed union of what can happen, and which lines of a program's output tell of an error. Not how it is shown
 * (report). Invariant: plain JSON, complete in itself.
 */
export { isErrorLine } from './error-line.ts';
export type {
  ActionOutcome,
  BuildTimes,
  CriticalStep,
  Emit,
  Event,
  PlannedWork,
  TimedEvent,
} from './event.ts';
