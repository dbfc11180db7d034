/**
 * The closed union of what can happen. Not how it is shown (report). Invariant: plain JSON, complete in itself.
 */
export type { ActionOutcome, Emit, Event } from './event.ts';
