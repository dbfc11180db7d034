import { chmod, stat } from 'node:fs/promises';
import type { HostPath } from '#base';

const OWNER_MAY_ALL = 0o700;

/** Makes a folder its owner's again, who may have closed it to itself: a build can do that to its work folder. */
export async function openToOwner(folder: HostPath): Promise<void> {
  const { mode } = await stat(folder);
  if ((mode & OWNER_MAY_ALL) !== OWNER_MAY_ALL) await chmod(folder, (mode & 0o7777) | OWNER_MAY_ALL);
}
