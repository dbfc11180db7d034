import { chown, lchown, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';
import type { SandboxHost } from '#sandbox';

/** Makes folders and what is in them the build user's, when root started the program; else they are so already. */
export async function giveToBuildUser(folders: readonly HostPath[], host: SandboxHost): Promise<void> {
  if (!host.asRoot) return;
  for (const folder of folders) await give(folder, host.user);
}

async function give(folder: HostPath, user: SandboxHost['user']): Promise<void> {
  await chown(folder, user.uid, user.gid);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await give(path, user);
    else await lchown(path, user.uid, user.gid);
  }
}
