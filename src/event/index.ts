/**
 * The closed union of what can happen. Not how it is shown (report). Invariant: plain JSON, complete in itself.
 */
export type {
  ActionOutcome,
  BuildTimes,
  CriticalStep,
  Emit,
  Event,
  PlannedWork,
  TimedEvent,
} from './event.ts';
