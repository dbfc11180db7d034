/**
 * What builds that run side by side share: job tokens by GNU make's own protocol, and memory. It knows seats and
 * ranks, and not what a build is or which one is next (schedule).
 * Invariant: free tokens, tokens of seats and tokens given to builds are always as many as there were at the start;
 * a build that ends in whatever way gives back all it had.
 */
export { Jobserver, type Seat } from './jobserver.ts';
export { readMemoryBudget } from './memory-budget.ts';
