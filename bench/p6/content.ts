import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK_BYTES = 4096;

/** What files and folders take, in whole blocks: no file system of 4 KiB blocks can keep them in less. */
export async function contentOf(folders: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() && !entry.isDirectory()) continue;
      const { size } = await lstat(join(entry.parentPath, entry.name));
      bytes += Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    }
  }
  return bytes;
}
