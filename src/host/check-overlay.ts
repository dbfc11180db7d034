import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';
import { ask, lastLine } from './ask.ts';
import type { Finding } from './finding.ts';

/**
 * Really stacks two folders with overlayfs, in a private mount namespace that takes the mount with it when it ends:
 * as root directly, as an ordinary user inside a user namespace.
 */
export async function checkOverlay(scratchFolder: HostPath, isRoot: boolean): Promise<Finding> {
  const folder = await mkdtemp(join(scratchFolder, 'blazeneuro-overlay-'));
  try {
    const [upper, lower, merged] = ['upper', 'lower', 'merged'].map((name) => join(folder, name));
    for (const part of [upper, lower, merged]) await mkdir(part ?? folder);
    const answer = await ask(overlayArgv(`${upper}:${lower}`, merged ?? folder, isRoot));
    return {
      name: 'overlayfs',
      have: answer.succeeded ? 'works in a private mount namespace' : lastLine(answer),
      want: 'sysroots are stacked with it',
      ok: answer.succeeded,
      ...(answer.succeeded ? {} : { hint: hintFor(isRoot) }),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The command that tries a stack of layers. */
export function overlayArgv(layers: string, merged: HostPath, isRoot: boolean): readonly string[] {
  const enter = isRoot
    ? ['unshare', '--mount', '--propagation', 'private']
    : ['unshare', '--user', '--map-root-user', '--mount'];
  // Ordinary users may not set trusted.* attributes, so the kernel asks them for `userxattr` (overlayfs.rst).
  const options = isRoot ? `lowerdir=${layers}` : `userxattr,lowerdir=${layers}`;
  return [...enter, 'mount', '-t', 'overlay', '-o', options, 'overlay', merged];
}

function hintFor(isRoot: boolean): string {
  return isRoot
    ? 'Load it: modprobe overlay. In a container, allow mounts (CAP_SYS_ADMIN).'
    : 'As root: modprobe overlay. As an ordinary user it takes Linux 5.11 and user namespaces; or run as root.';
}
