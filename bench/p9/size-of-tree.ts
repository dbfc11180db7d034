import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK_BYTES = 4096;

/** The size of a Debian tree, counted as ours: whole blocks of files and folders; the kernel of /boot by itself. */
export async function sizeOfDebian(tree: string): Promise<Record<string, number>> {
  let [rootBytes, kernelBytes] = [0, 0];
  const seen = new Set<number>();
  for (const entry of await readdir(tree, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const { size, ino, nlink } = await lstat(path);
    if (entry.isDirectory()) rootBytes += BLOCK_BYTES;
    if (!entry.isFile() || (nlink > 1 && seen.has(ino))) continue;
    seen.add(ino);
    // Ours lie on the ESP, not in the root.
    if (/\/boot\/(vmlinuz|initrd)/.test(path)) kernelBytes += size;
    else rootBytes += Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return { totalBytes: rootBytes + kernelBytes, rootBytes, kernelBytes };
}
