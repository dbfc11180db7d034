import { type Digest, digestOfData } from '#base';

/** One path of an artifact or image, absolute as in the running system. Modes are octal text: `0755`. */
export type Entry =
  | {
      readonly type: 'file';
      readonly path: string;
      readonly sha256: Digest;
      readonly sizeBytes: number;
      readonly mode: string;
      readonly uid: number;
      readonly gid: number;
    }
  | {
      readonly type: 'directory';
      readonly path: string;
      readonly mode: string;
      readonly uid: number;
      readonly gid: number;
    }
  | { readonly type: 'symlink'; readonly path: string; readonly target: string };

/** What an artifact holds. Times are not part of it: every file has the same. */
export type ArtifactManifest = {
  /** Bump to make every artifact of older programs unknown. */
  readonly format: 1;
  /** Sorted by path, by code unit. */
  readonly entries: readonly Entry[];
};

/** Makes a manifest of entries in any order. */
export function manifestOf(entries: readonly Entry[]): ArtifactManifest {
  return {
    format: 1,
    entries: [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
  };
}

/** The digest of an artifact: of its manifest, and so of every byte, name, mode and owner in it. */
export function artifactDigest(manifest: ArtifactManifest): Digest {
  return digestOfData(manifest);
}
