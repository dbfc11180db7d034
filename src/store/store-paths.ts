import { join } from 'node:path';
import type { Digest, HostPath } from '#base';

/** The folders of a store: all of them are its own, and nobody else may write to them. */
export const STORE_FOLDERS = [
  'artifacts',
  'blobs',
  'keys',
  'builds',
  'uses',
  'staging',
  'state',
  'quarantine',
] as const;
export type StoreFolder = (typeof STORE_FOLDERS)[number];

/** Folders of a store may be read by the build user, and written by nobody but who owns the store. */
export const FOLDER_MODE = 0o755;

/** The largest name that is a store's own at its top, beside its folders. */
export const STORE_FILES: readonly string[] = ['version', 'CACHEDIR.TAG', 'lock'];

export function folderPath(root: HostPath, folder: StoreFolder): HostPath {
  return join(root, folder);
}

export function artifactPath(root: HostPath, artifact: Digest): HostPath {
  return join(root, 'artifacts', artifact);
}

export function treePath(root: HostPath, artifact: Digest): HostPath {
  return join(root, 'artifacts', artifact, 'tree');
}

export function manifestPath(root: HostPath, artifact: Digest): HostPath {
  return join(root, 'artifacts', artifact, 'manifest.json');
}

export function blobPath(root: HostPath, digest: Digest): HostPath {
  return join(root, 'blobs', digest.slice(0, 2), digest);
}

export function keyPath(root: HostPath, key: Digest): HostPath {
  return join(root, 'keys', key.slice(0, 2), `${key}.json`);
}

/** What has to stand where it does for a record to be found, and the artifact that it promises. */
export function recordPlaces(
  root: HostPath,
  { key, artifact }: { readonly key: Digest; readonly artifact: Digest },
): readonly HostPath[] {
  return [
    keyPath(root, key),
    artifactPath(root, artifact),
    manifestPath(root, artifact),
    treePath(root, artifact),
  ];
}

export function buildPath(root: HostPath, build: string): HostPath {
  return join(root, 'builds', `${build}.json`);
}
