/**
 * Blobs and artifacts by digest, and which artifact a key gave. Not what makes them (build) or fetches them (source).
 * Invariants: what is in a store never changes; nothing leaves it except by garbage collection; half a thing is
 * never visible, since renaming is the last act of every write.
 */
export { type CheckBeforeUse, checkBeforeUse, type Used } from './check-before-use.ts';
export type { Garbage } from './choose-garbage.ts';
export { unusable } from './claim-folder.ts';
export { clearStaging } from './clear-leftovers.ts';
export { type Collected, type CollectOptions, collectGarbage, KEEP_MS } from './collect-garbage.ts';
export { describeFault, faultProblem, type StoreFault } from './fault.ts';
export type { Needed } from './inventory.ts';
export { guardedFolders } from './judge-folders.ts';
export { type OpenStoreOptions, openStore } from './local-store.ts';
export { repairStore } from './quarantine.ts';
export { readRecords } from './read-records.ts';
export { removeTree } from './remove-tree.ts';
export type { ArtifactRecord, Store } from './store.ts';
export { recordPlaces } from './store-paths.ts';
export { type DatedUse, readUses, recordUse, type Use, type User, usePath } from './uses.ts';
export { type StoreVerdict, type VerifyOptions, verifyStore } from './verify-store.ts';
export { readCache, readJson, writeWhole } from './whole-file.ts';
