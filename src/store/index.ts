/**
 * Blobs and artifacts by digest, and which artifact a key gave. Not what makes them (build) or fetches them (source).
 * Invariants: what is in a store never changes; nothing leaves it except by garbage collection; half a thing is
 * never visible, since renaming is the last act of every write.
 */
export { type CheckBeforeUse, checkBeforeUse, type Used } from './check-before-use.ts';
export { unusable } from './claim-folder.ts';
export { describeFault, faultProblem, type StoreFault } from './fault.ts';
export { clearStaging, type OpenStoreOptions, openStore } from './local-store.ts';
export { removeTree } from './remove-tree.ts';
export type { ArtifactRecord, Store } from './store.ts';
export { type StoreVerdict, type VerifyOptions, verifyStore } from './verify-store.ts';
export { readJson, writeWhole } from './whole-file.ts';
