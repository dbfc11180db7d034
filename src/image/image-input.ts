import type { Digest, HostPath, Result } from '#base';
import type { Profile } from '#recipe';
import type { BuiltArtifact } from './built-artifact.ts';
import type { ImageIdentity } from './identity.ts';

/** Everything that decides an image's bytes, but the tools that make it. */
export type ImageInput = {
  readonly profile: Profile;
  /** The artifacts of the profile's packages, in any order. */
  readonly artifacts: readonly BuiltArtifact[];
  /** The artifact of the profile's kernel build. */
  readonly kernel: BuiltArtifact;
  /** The build that the boot loader comes from; absent when it is that of the machine. */
  readonly bootLoader?: string;
  /** The time of every file. */
  readonly sourceDateEpoch: number;
};

/** What assembly does not decide itself. */
export type ImageContext = {
  /**
   * Runs shell text in a work folder, with the profile's tools and SOURCE_DATE_EPOCH in the environment; fails when
   * a command does (`set -eu -o pipefail`). Two run at a time, each in a folder of its own. The folders in it that are
   * named as read-only hold hard links into the trees: nothing may be written there.
   */
  readonly runTools: (
    script: string,
    workFolder: HostPath,
    readOnly?: readonly string[],
  ) => Promise<Result<void>>;
  /** Where an artifact's files lie, by their paths. */
  readonly treePath: (artifact: Digest) => HostPath;
  /** Where work folders may be made; best on the file system of the trees, whose files are then not copied. */
  readonly scratchFolder: HostPath;
  /** Where image and manifest go. */
  readonly outFolder: HostPath;
};

/** The work folder's parts: what the image writes itself, and one for the tools of each file system. */
export type WorkFolders = { readonly own: HostPath; readonly esp: HostPath; readonly root: HostPath };

/** What each step of assembly is told. */
export type Work = ImageInput & {
  readonly context: ImageContext;
  readonly folders: WorkFolders;
  readonly identity: ImageIdentity;
};
