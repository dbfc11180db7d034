/**
 * Gets the bytes of sources from their origins, verifies them, and says how they are unpacked. Not what runs the
 * unpacking (build, in a sandbox). Invariant: nothing enters the store but bytes of a pinned digest, and no byte is
 * parsed before that.
 */
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
export { type Bundle, openBundle } from './open-bundle.ts';
export { type UnpackSource, unpackScript, unpackSources } from './unpack.ts';
export { BUNDLE_LISTS, type BundledSource, writeBundle } from './write-bundle.ts';
