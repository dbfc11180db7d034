import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** An empty drive of a size, as a file in a folder; gives its path. */
export async function emptyDrive(folder: string, sizeMiB: number): Promise<string> {
  const path = join(folder, 'second.img');
  await using file = await open(path, 'wx');
  await file.truncate(sizeMiB * 1024 * 1024);
  return path;
}
