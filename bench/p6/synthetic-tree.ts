import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Digest, digestOfBytes } from '#base';
import type { BuiltArtifact } from '#image';
import { artifactDigest, type Entry, manifestOf } from '#manifest';

/** How much a made-up system holds. */
export type TreeSize = { readonly artifacts: number; readonly filesEach: number };

/** About 300 MB in 8000 files. */
export const WHOLE: TreeSize = { artifacts: 20, filesEach: 400 };
export const QUICK: TreeSize = { artifacts: 2, filesEach: 20 };

/** As in a system: most files are small, and a few hold most of the bytes. Every 100 files make the same sum. */
function sizeOf(at: number): number {
  if (at % 100 === 0) return 2_000_000;
  if (at % 10 === 0) return 100_000 + at * 100;
  return 500 + ((at * 7919) % 12_000);
}

const FILES_A_FOLDER = 40;

/** Writes a made-up system as artifacts below the folder, each as `<digest>/tree`; the same bytes each time. */
export async function writeArtifacts(folder: string, size: TreeSize): Promise<readonly BuiltArtifact[]> {
  const artifacts: BuiltArtifact[] = [];
  for (let at = 0; at < size.artifacts; at += 1) {
    const files = Array.from({ length: size.filesEach }, (_, index) => {
      const path = `/usr/share/part-${at}/${Math.floor(index / FILES_A_FOLDER)}/file-${index}`;
      return { path, bytes: madeUpBytes(at * size.filesEach + index, sizeOf(index)) };
    });
    artifacts.push(await writeArtifact(folder, `final/part-${at}`, files));
  }
  return artifacts;
}

/** An artifact of plain files. */
export async function writeArtifact(
  folder: string,
  build: string,
  files: readonly { readonly path: string; readonly bytes: Buffer }[],
): Promise<BuiltArtifact> {
  const entries = files.map(
    ({ path, bytes }): Entry => ({
      type: 'file',
      path,
      sha256: digestOfBytes(bytes),
      sizeBytes: bytes.length,
      mode: '0644',
      uid: 0,
      gid: 0,
    }),
  );
  const manifest = manifestOf(entries);
  const digest: Digest = artifactDigest(manifest);
  for (const { path, bytes } of files) {
    const hostPath = join(folder, digest, 'tree', path);
    await mkdir(dirname(hostPath), { recursive: true });
    await writeFile(hostPath, bytes);
    await chmod(hostPath, 0o644);
  }
  return { build, digest, manifest, replaces: [] };
}

/** Bytes without order: xorshift32 (Marsaglia, 2003), so that no file is a hole or like another. */
function madeUpBytes(seed: number, length: number): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed + 1;
  for (let at = 0; at < words.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return Buffer.from(words.buffer, 0, length);
}
