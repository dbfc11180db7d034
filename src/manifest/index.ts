/**
 * What an artifact and an image hold: files, digests, owners. Not what reads or writes them (build, store, image).
 * Invariant: pure; equal trees have equal manifests, whoever made them and when.
 */
export { type ArtifactManifest, artifactDigest, type Entry, manifestOf } from './manifest.ts';
