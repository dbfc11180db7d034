import type { HostPath } from '#base';
import { type ArtifactManifest, artifactDigest } from '#manifest';
import type { ArtifactRecord, Store } from '#store';
import { takingNothingIn } from '../taking-nothing-in.ts';

/** What a second build gave where the first gave something else. */
export type Difference = {
  readonly build: string;
  /** Paths that differ, are missing, or are new. */
  readonly paths: readonly string[];
  /** Where the second build's files were kept, to look at. */
  readonly kept: HostPath;
};

/**
 * A store that takes nothing in: what is committed is compared with what the real store has for the build, and the
 * first artifact stays what everything else is built on.
 */
export function comparingStore(
  store: Store,
  keep: (build: string, tree: HostPath) => Promise<HostPath>,
  onDifference: (difference: Difference) => void,
): Store {
  return takingNothingIn(store, async (tree, manifest, facts) => {
    const first = await store.lookUp(facts.key);
    const firstManifest = first === undefined ? undefined : await store.manifest(first.artifact);
    if (first === undefined || firstManifest === undefined)
      throw new Error(`${facts.build} was not built before`);
    const second: ArtifactRecord = { ...facts, artifact: artifactDigest(manifest) };
    if (second.artifact !== first.artifact) {
      const paths = differentPaths(firstManifest, manifest);
      onDifference({ build: facts.build, paths, kept: await keep(facts.build, tree) });
    }
    return first;
  });
}

/** The paths at which two artifacts are not alike. */
export function differentPaths(first: ArtifactManifest, second: ArtifactManifest): string[] {
  const describe = (manifest: ArtifactManifest) =>
    new Map(manifest.entries.map((entry) => [entry.path, JSON.stringify(entry)]));
  const [before, after] = [describe(first), describe(second)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .sort();
}
