import { statfs } from 'node:fs/promises';
import type { HostPath, Problem } from '#base';

/** Below this a disk counts as full: who met the end of it may have given back a little since. */
const NEARLY_NOTHING_BYTES = 64 * 1024 ** 2;

/**
 * Whether a build failed because the disk is full. What its programs said is not enough: a package's own tests fill
 * small file systems on purpose.
 */
export async function isDiskFull(folder: HostPath, lastLines: readonly string[]): Promise<boolean> {
  if (lastLines.some((line) => line.includes('Disk quota exceeded'))) return true;
  if (!lastLines.some((line) => line.includes('No space left on device'))) return false;
  const { bavail, bsize, ffree, files } = await statfs(folder);
  // Some file systems have no fixed number of files, and say 0.
  return bavail * bsize < NEARLY_NOTHING_BYTES || (files > 0 && ffree === 0);
}

/** The problem of a full disk. What was built before is safe: a build writes only into its own folders. */
export function noSpace(subject: string, details: readonly string[]): Problem {
  return {
    kind: 'no-space',
    subject,
    message: `No space is left on the disk for ${subject}`,
    details,
    hint: 'Free some, or put the store on another disk with BLAZENEURO_STORE; then run the same command again',
  };
}
