/**
 * Gets the bytes of sources from their origins, verifies them, and says how they are unpacked. Not what runs the
 * unpacking (build, in a sandbox). Invariants: nothing enters the store but bytes of a pinned digest, and no byte is
 * parsed before that; nor does anything whose signature was pinned, is there, and is not good; GNU tar reads no header
 * but those that the judge of archives wrote.
 */
export { aptOriginText, findReleases, upstreamOf } from './apt-versions.ts';
export { isRefusalLine } from './archive/refusal.ts';
export {
  type ArchiveFile,
  type ReadContext,
  type ReadFile,
  readArchiveFiles,
  type VerifiedArchive,
} from './archive-files.ts';
export type { BlobStore } from './blob-store.ts';
export {
  archiveName,
  type ChosenPin,
  type ChosenSource,
  chooseFromStore,
  chosenSource,
  inOrder,
} from './chosen-pin.ts';
export { describeFetched } from './describe-fetched.ts';
export { type Fetched, type FetchOptions, fetchSources } from './fetch-sources.ts';
export type { NewerVersions } from './newer-versions.ts';
export { type Bundle, openBundle } from './open-bundle.ts';
export { openUnpinned, type Staged, type UnpinnedSources } from './open-unpinned.ts';
export { JUDGE_FOLDER, type Judge, type JudgeLimits, type UnpackSource, unpackSources } from './unpack.ts';
export { pathAtVersion, versionInPath } from './version-in-path.ts';
export { BUNDLE_LISTS, type BundledSource, writeBundle } from './write-bundle.ts';
