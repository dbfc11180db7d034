/**
 * What an artifact and an image hold: files, digests, owners. Not what reads or writes them (build, store, image).
 * Invariant: pure; equal trees have equal manifests, whoever made them and when.
 */
export { IMAGE_NAME, MANIFEST_NAME, SBOM_NAME } from './image-files.ts';
export type {
  BootDigests,
  EspManifestFile,
  FileSystem,
  ImageFile,
  ImageManifest,
  ManifestPartition,
} from './image-manifest.ts';
export { type ArtifactManifest, artifactDigest, type Entry, manifestOf } from './manifest.ts';
