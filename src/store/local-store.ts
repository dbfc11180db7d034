import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, type Digest, digestOfBytes, type HostPath, isErrno, ok, type Result } from '#base';
import { type ArtifactManifest, artifactDigest } from '#manifest';
import { findEntry } from './check-artifact.ts';
import { claimFolder } from './claim-folder.ts';
import type { StoreFault } from './fault.ts';
import { setAside } from './quarantine.ts';
import { readRecordText, sealedText } from './record-text.ts';
import { removeTree } from './remove-tree.ts';
import type { ArtifactRecord, Store } from './store.ts';
import {
  artifactPath,
  blobPath,
  buildPath,
  FOLDER_MODE,
  keyPath,
  manifestPath,
  treePath,
} from './store-paths.ts';
import { writeWhole } from './whole-file.ts';

export type OpenStoreOptions = {
  /** Told of an entry that was asked for and is not what it says. It counts as not there, and is made anew. */
  readonly onDamage?: (fault: StoreFault) => void;
};

/**
 * Opens (or makes) the store in a folder:
 * `version`, `blobs/ab/<digest>`, `artifacts/<digest>/{tree,manifest.json}`, `keys/ab/<key>.json`,
 * `builds/<stage>/<name>.json` (the newest record), `uses/`, `quarantine/`, `staging/` and `state/`.
 */
export async function openStore(root: HostPath, options: OpenStoreOptions = {}): Promise<Result<Store>> {
  const fit = await claimFolder(root);
  return fit.ok ? ok(new LocalStore(root, options.onDamage ?? (() => {}))) : fit;
}

class LocalStore implements Store {
  readonly #root: HostPath;
  readonly #onDamage: (fault: StoreFault) => void;

  constructor(root: HostPath, onDamage: (fault: StoreFault) => void) {
    this.#root = root;
    this.#onDamage = onDamage;
  }

  async stagingFolder(): Promise<HostPath> {
    return mkdtemp(join(this.#root, 'staging', 'run-'));
  }

  async stateFolder(name: string): Promise<HostPath> {
    const path = join(this.#root, 'state', name);
    await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    return path;
  }

  blobPath(digest: Digest): HostPath {
    return blobPath(this.#root, digest);
  }

  async hasBlob(digest: Digest): Promise<boolean> {
    return findEntry(this.blobPath(digest))?.isFile() === true;
  }

  async addBlob(stagedFile: HostPath, digest: Digest): Promise<void> {
    const path = this.blobPath(digest);
    await chmod(stagedFile, 0o444);
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    if (findEntry(path)?.isDirectory() === true) {
      await setAside(this.#root, { entry: 'blob', name: digest, path, reasons: ['is no plain file'] });
    }
    await rename(stagedFile, path);
  }

  async lookUp(key: Digest): Promise<ArtifactRecord | undefined> {
    const path = keyPath(this.#root, key);
    const record = this.#readRecord('key', key, path);
    if (record === undefined) return undefined;
    if (record.key !== key) {
      this.#onDamage({ entry: 'key', name: key, path, reasons: [`it is the record of ${record.key}`] });
      return undefined;
    }
    return this.#hasArtifact(record.artifact) ? record : undefined;
  }

  async lastRecord(build: string): Promise<ArtifactRecord | undefined> {
    return this.#readRecord('build', build, buildPath(this.#root, build));
  }

  async manifest(artifact: Digest): Promise<ArtifactManifest | undefined> {
    if (!this.#hasArtifact(artifact)) return undefined;
    const bytes = await readFile(manifestPath(this.#root, artifact));
    const actual = digestOfBytes(bytes);
    if (actual === artifact) return JSON.parse(bytes.toString('utf8')) as ArtifactManifest;
    const path = artifactPath(this.#root, artifact);
    const reasons = [`manifest.json: its bytes have the digest ${actual}`];
    this.#onDamage({ entry: 'artifact', name: artifact, path, reasons });
    return undefined;
  }

  treePath(artifact: Digest): HostPath {
    return treePath(this.#root, artifact);
  }

  async commit(
    stagedTree: HostPath,
    manifest: ArtifactManifest,
    facts: Omit<ArtifactRecord, 'artifact'>,
  ): Promise<ArtifactRecord> {
    const artifact = artifactDigest(manifest);
    if (!this.#hasArtifact(artifact)) await this.#keep(stagedTree, manifest, artifact);
    const record: ArtifactRecord = { ...facts, artifact };
    await this.#write(buildPath(this.#root, facts.build), sealedText(record));
    await this.#write(keyPath(this.#root, facts.key), sealedText(record));
    return record;
  }

  async forget(key: Digest): Promise<void> {
    await rm(keyPath(this.#root, key), { force: true });
  }

  /** Whether an artifact stands where it should, looked at from above: what is used is checked by content before. */
  #hasArtifact(artifact: Digest): boolean {
    return (
      findEntry(artifactPath(this.#root, artifact))?.isDirectory() === true &&
      findEntry(manifestPath(this.#root, artifact))?.isFile() === true &&
      findEntry(treePath(this.#root, artifact))?.isDirectory() === true
    );
  }

  async #keep(stagedTree: HostPath, manifest: ArtifactManifest, artifact: Digest): Promise<void> {
    const path = artifactPath(this.#root, artifact);
    const staged = await this.stagingFolder();
    await chmod(staged, FOLDER_MODE);
    await rename(stagedTree, join(staged, 'tree'));
    await writeWhole(join(staged, 'manifest.json'), canonicalJson(manifest));
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    if (findEntry(path) !== undefined && !this.#hasArtifact(artifact)) {
      await setAside(this.#root, { entry: 'artifact', name: artifact, path, reasons: ['is not whole'] });
    }
    try {
      await rename(staged, path);
    } catch (error) {
      // Another build came to the same bytes in the meantime: its artifact is as good as ours.
      if (!isErrno(error, 'ENOTEMPTY') && !isErrno(error, 'EEXIST')) throw error;
      await removeTree(staged);
    }
  }

  /** Synchronous: a no-op build reads a hundred of these, and each is a few thousand bytes. */
  #readRecord(entry: 'key' | 'build', name: string, path: HostPath): ArtifactRecord | undefined {
    const found = findEntry(path);
    if (found === undefined) return undefined;
    const read = found.isFile() ? readRecordText(readFileSync(path, 'utf8')) : { fault: 'is no plain file' };
    if (read.record !== undefined) return read.record;
    this.#onDamage({ entry, name, path, reasons: [read.fault] });
    return undefined;
  }

  /** Through staging, which is cleared: what a killed write leaves lies nowhere else. */
  async #write(path: HostPath, text: string): Promise<void> {
    await writeWhole(path, text, join(this.#root, 'staging'));
  }
}
