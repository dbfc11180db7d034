import type { Digest, HostPath, TargetPath } from '#base';
import type { ArtifactManifest, Entry } from '#manifest';

/** An artifact with the build that made it: what an image is chosen from. */
export type BuiltArtifact = {
  /** `final/grep`. */
  readonly build: string;
  readonly digest: Digest;
  readonly manifest: ArtifactManifest;
  /** Builds whose files this one may take the place of, as its recipe says. */
  readonly replaces: readonly string[];
};

/** One path of the image, who it comes from, and where its bytes lie (files only). */
export type OwnedEntry = {
  readonly entry: Entry;
  readonly build: string;
  readonly hostPath: HostPath;
};

/** A file that image assembly writes itself, since it holds what only the image knows. */
export type GeneratedFile = { readonly path: TargetPath; readonly content: string | Buffer };

/** The name under which assembled files stand in an image's manifest, beside `final/grep` and the like. */
export const IMAGE_BUILD = 'image';
