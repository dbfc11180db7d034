import { type Digest, digestOfData } from '#base';
import { type Guid, guidFrom } from '#disk';
import type { Profile } from '#recipe';
import type { BuiltArtifact } from './built-artifact.ts';

/** What tells one image from another, all of it following from what goes in. */
export type ImageIdentity = {
  readonly seed: Digest;
  readonly rootUuid: Guid;
  /** For ext4's directory hashes: fixed, since it decides bytes. */
  readonly rootHashSeed: Guid;
  /** Eight hexadecimal digits. */
  readonly espVolumeId: string;
};

/** The identity of an image: two images from the same profile, artifacts and time are the same image. */
export function identityOf(input: {
  readonly profile: Profile;
  readonly artifacts: readonly BuiltArtifact[];
  readonly kernel: BuiltArtifact;
  readonly sourceDateEpoch: number;
}): ImageIdentity {
  const seed = digestOfData({
    // Bump when the same inputs shall give another image.
    format: 1,
    profile: input.profile,
    artifacts: input.artifacts.map(({ build, digest }) => `${build} ${digest}`).sort(),
    kernel: input.kernel.digest,
    sourceDateEpoch: input.sourceDateEpoch,
  });
  return {
    seed,
    rootUuid: guidFrom(seed, 'root-file-system'),
    rootHashSeed: guidFrom(seed, 'root-hash-seed'),
    espVolumeId: guidFrom(seed, 'esp-volume').slice(0, 8),
  };
}
