import type { Digest, HostPath } from '#base';

/** What fetching needs of a store, and nothing more; `Store` of #store is one. */
export type BlobStore = {
  hasBlob(digest: Digest): Promise<boolean>;
  blobPath(digest: Digest): HostPath;
  /** Takes a staged file in under the digest that the caller has verified, by renaming it. */
  addBlob(stagedFile: HostPath, digest: Digest): Promise<void>;
  /** A fresh, empty folder on the store's file system. */
  stagingFolder(): Promise<HostPath>;
  /** A folder that stays from run to run. */
  stateFolder(name: string): Promise<HostPath>;
};
