import type { Digest, HostPath } from '#base';
import type { ArtifactManifest } from '#manifest';

/** What the store remembers of one finished action. */
export type ArtifactRecord = {
  readonly key: Digest;
  /** `final/grep`. */
  readonly build: string;
  readonly artifact: Digest;
  readonly durationMs: number;
  readonly cpuMs: number;
  /** The verdict of the package's own tests: absent when they were not run. It decides no byte. */
  readonly checkPassed?: boolean;
  /** When they ran, and the digest of the text that ran them; absent in records of before this was kept. */
  readonly checkedAtMs?: number;
  readonly checkDigest?: Digest;
  /** Most memory that it was seen to take; absent in records of before it was measured. */
  readonly peakMemoryBytes?: number;
  /** What each phase spent, by its name; absent in records of before it was measured. */
  readonly phases?: Readonly<Record<string, { readonly wallMs: number; readonly cpuMs: number }>>;
  /** Everything that went into the key, so that `why` can name what changed. */
  readonly inputs: unknown;
};

/**
 * Keeps blobs and artifacts by digest, and which artifact a key gave.
 * `undefined` means "not here"; a thrown error means that the store itself is broken.
 */
export interface Store {
  /** A fresh, empty folder on the store's file system; `clearStaging` removes what an interrupted run left in it. */
  stagingFolder(): Promise<HostPath>;

  hasBlob(digest: Digest): Promise<boolean>;
  /** Where a blob lies, whether or not it is there. */
  blobPath(digest: Digest): HostPath;
  /** Takes a staged file in under the digest that the caller has verified. The file is gone from where it was. */
  addBlob(stagedFile: HostPath, digest: Digest): Promise<void>;

  /** What a key gave, if its artifact is still here. */
  lookUp(key: Digest): Promise<ArtifactRecord | undefined>;
  /** The newest record of a build, whatever its key was: for estimates and for `why`. */
  lastRecord(build: string): Promise<ArtifactRecord | undefined>;
  manifest(artifact: Digest): Promise<ArtifactManifest | undefined>;
  /** The folder with an artifact's files, read-only for everybody. */
  treePath(artifact: Digest): HostPath;
  /** Takes a staged tree in and remembers what made it. Renaming is the last act: half an artifact cannot be. */
  commit(
    stagedTree: HostPath,
    manifest: ArtifactManifest,
    facts: Omit<ArtifactRecord, 'artifact'>,
  ): Promise<ArtifactRecord>;
  /** Forgets what a key gave, so that it is built again; the artifact stays. */
  forget(key: Digest): Promise<void>;
  /** A folder that stays from run to run, for what is neither blob nor artifact (failed builds, apt's lists). */
  stateFolder(name: string): Promise<HostPath>;
}
