import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOfBytes, type HostPath, isErrno, startDigest } from '#base';
import type { ArtifactManifest, Entry } from '#manifest';

/** What checking one entry came to. */
export type Checked = { readonly reasons: readonly string[]; readonly sizeBytes: number };

/** Modes that let others than the owner write. */
export const OTHERS_WRITE = 0o022;

const PIECE_BYTES = 1 << 18;
/** One buffer a thread: what is checked may be larger than memory. */
const piece = new Uint8Array(PIECE_BYTES);

/**
 * Compares an artifact with the digest that it is named by: the manifest's bytes, and then every path, byte, mode,
 * owner, time and link of the tree. Synchronous, since a worker has nothing else to do.
 */
export function checkArtifact(folder: HostPath, artifact: Digest): Checked {
  return unreadableIsAFault(() => check(folder, artifact));
}

/** Compares a source with the digest that it is named by. */
export function checkBlob(path: HostPath, digest: Digest, owner: number): Checked {
  return unreadableIsAFault(() => {
    const found = findEntry(path);
    if (found === undefined) return { reasons: ['is missing'], sizeBytes: 0 };
    if (!found.isFile()) return { reasons: ['is no plain file'], sizeBytes: 0 };
    const reasons: string[] = [];
    if ((found.mode & OTHERS_WRITE) !== 0) reasons.push('others may write to it');
    if (found.uid !== owner) reasons.push(`belongs to user ${found.uid}, the store to user ${owner}`);
    const actual = digestOfFile(path);
    if (actual !== digest) reasons.push(`its bytes have the digest ${actual}`);
    return { reasons, sizeBytes: found.size };
  });
}

/** What the disk or a mode keeps from being read is as good as gone. */
function unreadableIsAFault(check: () => Checked): Checked {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return { reasons: [`cannot be read: ${error.message}`], sizeBytes: 0 };
  }
}

function check(folder: HostPath, artifact: Digest): Checked {
  const found = findEntry(folder);
  if (found === undefined) return { reasons: ['is missing'], sizeBytes: 0 };
  if (!found.isDirectory()) return { reasons: ['is no folder'], sizeBytes: 0 };
  const reasons: string[] = [];
  if ((found.mode & OTHERS_WRITE) !== 0) reasons.push('others may write to its folder');
  for (const name of readdirSync(folder)) {
    if (name !== 'tree' && name !== 'manifest.json') reasons.push(`${name}: does not belong there`);
  }
  const manifest = readManifest(join(folder, 'manifest.json'), artifact, found, reasons);
  if (manifest === undefined) return { reasons, sizeBytes: 0 };
  const sizeBytes = checkTree(join(folder, 'tree'), manifest, reasons);
  return { reasons, sizeBytes };
}

function readManifest(
  path: HostPath,
  artifact: Digest,
  folder: Stats,
  reasons: string[],
): ArtifactManifest | undefined {
  const found = findEntry(path);
  if (found === undefined || !found.isFile()) {
    reasons.push(`manifest.json: ${found === undefined ? 'is missing' : 'is no plain file'}`);
    return undefined;
  }
  if ((found.mode & OTHERS_WRITE) !== 0) reasons.push('manifest.json: others may write to it');
  if (found.uid !== folder.uid) reasons.push(`manifest.json: belongs to user ${found.uid}`);
  const bytes = readFileSync(path);
  const actual = digestOfBytes(bytes);
  if (actual === artifact) return JSON.parse(bytes.toString('utf8')) as ArtifactManifest;
  reasons.push(`manifest.json: its bytes have the digest ${actual}`);
  return undefined;
}

/** What every entry of a tree has in common: who built it, and the one time of all files. */
type Common = { readonly uid: number; readonly gid: number; readonly mtimeMs: number };

function checkTree(tree: HostPath, manifest: ArtifactManifest, reasons: string[]): number {
  const top = findEntry(tree);
  if (top === undefined || !top.isDirectory()) {
    reasons.push(`tree: ${top === undefined ? 'is missing' : 'is no folder'}`);
    return 0;
  }
  if ((top.mode & 0o7777) !== 0o755) reasons.push(`tree: has mode ${octal(top.mode)} instead of 0755`);
  const expected = new Map(manifest.entries.map((entry) => [entry.path, entry]));
  let sizeBytes = 0;
  const walk = (folder: string): void => {
    for (const name of readdirSync(join(tree, folder))) {
      const path = `${folder}/${name}`;
      const entry = expected.get(path);
      const found = findEntry(join(tree, path));
      if (found === undefined || entry === undefined) {
        reasons.push(`${path}: ${found === undefined ? 'vanished' : 'does not belong there'}`);
        continue;
      }
      expected.delete(path);
      reasons.push(...whatDiffers(join(tree, path), entry, found, top).map((reason) => `${path}: ${reason}`));
      sizeBytes += found.size;
      if (found.isDirectory()) walk(path);
    }
  };
  walk('');
  for (const path of expected.keys()) reasons.push(`${path}: is missing`);
  return sizeBytes;
}

function whatDiffers(hostPath: HostPath, entry: Entry, found: Stats, common: Common): string[] {
  if (typeOf(found) !== entry.type) return [`is a ${typeOf(found)} instead of a ${entry.type}`];
  const reasons: string[] = [];
  if (found.uid !== common.uid || found.gid !== common.gid) {
    reasons.push(`belongs to ${found.uid}:${found.gid}, the tree to ${common.uid}:${common.gid}`);
  }
  if (found.mtimeMs !== common.mtimeMs) reasons.push('has another time than the tree');
  if (entry.type === 'symlink') {
    const target = readlinkSync(hostPath);
    if (target !== entry.target) reasons.push(`links to ${target} instead of ${entry.target}`);
    return reasons;
  }
  if (!modesOnDisk(entry).includes(found.mode & 0o7777)) {
    reasons.push(`has mode ${octal(found.mode)}; its manifest says ${entry.mode}`);
  }
  if (entry.type === 'directory') return reasons;
  if (found.size !== entry.sizeBytes) {
    reasons.push(`has ${found.size} bytes instead of ${entry.sizeBytes}`);
    return reasons;
  }
  const actual = digestOfFile(hostPath);
  if (actual !== entry.sha256) reasons.push(`its bytes have the digest ${actual} instead of ${entry.sha256}`);
  return reasons;
}

/** Packing leaves plain modes only; a declared mode stands in the manifest alone, whatever its file's plain one is. */
function modesOnDisk({ type, mode }: Exclude<Entry, { type: 'symlink' }>): readonly number[] {
  if (type === 'directory' || mode === '0755') return [0o755];
  return mode === '0644' ? [0o644] : [0o644, 0o755];
}

function typeOf(found: Stats): string {
  if (found.isSymbolicLink()) return 'symlink';
  if (found.isDirectory()) return 'directory';
  return found.isFile() ? 'file' : 'special file';
}

function digestOfFile(path: HostPath): Digest {
  const digest = startDigest();
  // A link that took the file's place since we looked is not followed.
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    for (;;) {
      const bytesRead = readSync(file, piece, 0, PIECE_BYTES, null);
      if (bytesRead === 0) return digest.end();
      digest.update(bytesRead === PIECE_BYTES ? piece : piece.subarray(0, bytesRead));
    }
  } finally {
    closeSync(file);
  }
}

/** What lies there, links not followed; undefined when nothing does. */
export function findEntry(path: HostPath): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
