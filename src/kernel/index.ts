/**
 * Kernel config fragments: reading, merging, and checking that every request survived; how hardened a .config is. Not
 * what runs kconfig: that is the recipe of linux. Invariant: pure; text in, data or problems out.
 */
export { checkKernelConfig, type DroppedRequest, droppedRequests } from './dropped-requests.ts';
export { type HardeningKind, type HardeningRow, parseHardeningRows } from './hardening-rows.ts';
export { formatRequest, formatRequests, mergeFragments } from './merge-fragments.ts';
export { type FragmentText, type KernelRequest, parseFragment } from './parse-fragment.ts';
export { type FailedRow, type HardeningScore, scoreHardening } from './score-hardening.ts';
