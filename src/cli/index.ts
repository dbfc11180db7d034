/**
 * Commands, flags, exit codes: the only place that chooses implementations. Tests and benches that work with a real
 * project open a session here. Invariant: nothing below knows how the program was called.
 */
export type { Flags } from './flags.ts';
export { imageParts } from './image-parts.ts';
export { openTools } from './image-tools.ts';
export { type BuildState, knownKeys } from './known-keys.ts';
export { makePlan } from './make-plan.ts';
export { runProgramLine } from './program-line.ts';
export { readParts } from './read-parts.ts';
export { openSession, type Session, sandboxHost } from './session.ts';
export { lockStore } from './store-lock.ts';
