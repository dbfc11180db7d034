import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, type Digest, type HostPath, isErrno, ok, type Result } from '#base';
import { type ArtifactManifest, artifactDigest } from '#manifest';
import { claimFolder } from './claim-folder.ts';
import { removeTree } from './remove-tree.ts';
import type { ArtifactRecord, Store } from './store.ts';
import { readJson, writeWhole } from './whole-file.ts';

/**
 * Opens (or makes) the store in a folder:
 * `version`, `blobs/ab/<digest>`, `artifacts/<digest>/{tree,manifest.json}`, `keys/ab/<key>.json`,
 * `builds/<stage>/<name>.json` (the newest record), `staging/` and `state/`.
 */
export async function openStore(root: HostPath): Promise<Result<Store>> {
  const fit = await claimFolder(root);
  return fit.ok ? ok(new LocalStore(root)) : fit;
}

class LocalStore implements Store {
  readonly #root: HostPath;

  constructor(root: HostPath) {
    this.#root = root;
  }

  async stagingFolder(): Promise<HostPath> {
    return mkdtemp(join(this.#root, 'staging', 'run-'));
  }

  async stateFolder(name: string): Promise<HostPath> {
    const path = join(this.#root, 'state', name);
    await mkdir(path, { recursive: true });
    return path;
  }

  blobPath(digest: Digest): HostPath {
    return join(this.#root, 'blobs', digest.slice(0, 2), digest);
  }

  async hasBlob(digest: Digest): Promise<boolean> {
    return exists(this.blobPath(digest));
  }

  async addBlob(stagedFile: HostPath, digest: Digest): Promise<void> {
    await chmod(stagedFile, 0o444);
    await mkdir(dirname(this.blobPath(digest)), { recursive: true });
    await rename(stagedFile, this.blobPath(digest));
  }

  async lookUp(key: Digest): Promise<ArtifactRecord | undefined> {
    const record = await readJson<ArtifactRecord>(this.#keyPath(key));
    if (record === undefined || !(await exists(this.#manifestPath(record.artifact)))) return undefined;
    return record;
  }

  async lastRecord(build: string): Promise<ArtifactRecord | undefined> {
    return readJson<ArtifactRecord>(this.#lastPath(build));
  }

  async manifest(artifact: Digest): Promise<ArtifactManifest | undefined> {
    return readJson<ArtifactManifest>(this.#manifestPath(artifact));
  }

  treePath(artifact: Digest): HostPath {
    return join(this.#root, 'artifacts', artifact, 'tree');
  }

  async commit(
    stagedTree: HostPath,
    manifest: ArtifactManifest,
    facts: Omit<ArtifactRecord, 'artifact'>,
  ): Promise<ArtifactRecord> {
    const artifact = artifactDigest(manifest);
    if (!(await exists(this.#manifestPath(artifact)))) await this.#keep(stagedTree, manifest, artifact);
    const record: ArtifactRecord = { ...facts, artifact };
    await writeWhole(this.#lastPath(facts.build), canonicalJson(record));
    await writeWhole(this.#keyPath(facts.key), canonicalJson(record));
    return record;
  }

  async forget(key: Digest): Promise<void> {
    await rm(this.#keyPath(key), { force: true });
  }

  async #keep(stagedTree: HostPath, manifest: ArtifactManifest, artifact: Digest): Promise<void> {
    const staged = await this.stagingFolder();
    await chmod(staged, 0o755);
    await rename(stagedTree, join(staged, 'tree'));
    await writeWhole(join(staged, 'manifest.json'), canonicalJson(manifest));
    await mkdir(join(this.#root, 'artifacts'), { recursive: true });
    try {
      await rename(staged, join(this.#root, 'artifacts', artifact));
    } catch (error) {
      // Another build came to the same bytes in the meantime: its artifact is as good as ours.
      if (!isErrno(error, 'ENOTEMPTY') && !isErrno(error, 'EEXIST')) throw error;
      await rm(staged, { recursive: true, force: true });
    }
  }

  #keyPath(key: Digest): HostPath {
    return join(this.#root, 'keys', key.slice(0, 2), `${key}.json`);
  }

  #lastPath(build: string): HostPath {
    return join(this.#root, 'builds', `${build}.json`);
  }

  #manifestPath(artifact: Digest): HostPath {
    return join(this.#root, 'artifacts', artifact, 'manifest.json');
  }
}

/** Removes what interrupted runs left in staging. Only for who holds the store's lock. */
export async function clearStaging(root: HostPath): Promise<void> {
  for (const name of await readdir(join(root, 'staging'))) {
    await removeTree(join(root, 'staging', name));
  }
}

async function exists(path: HostPath): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}
