import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { HostPath } from '#base';
import type { Acknowledgement, Required } from './acknowledged.ts';
import { requiredRecords } from './acknowledged.ts';
import { JOB_PLACE } from './base.ts';
import { type Found, judgeRecords } from './judge-records.ts';
import { mustRun, run } from './programs.ts';
import type { JudgedDrive } from './scenario.ts';

/** What e2fsck finds on a root file system that nobody has mounted; nothing, as it should be. */
export async function checkFileSystem(drive: HostPath, offsetBytes: number): Promise<string[]> {
  const check = await run(['e2fsck', '-fn', `${drive}?offset=${offsetBytes}`]);
  if (check.succeeded) return [];
  const said = check.stdout.trim().split('\n').slice(0, 8).join(' | ');
  return [`e2fsck -fn ended with ${check.exitCode}: ${said}`];
}

/** The records that must be there, and are not. */
export async function judgeRecordsOf({ bench, path, recording, crash }: JudgedDrive): Promise<string[]> {
  const { seed, log, acknowledgements } = recording;
  const required = requiredRecords(log, acknowledgements, crash);
  const found = await readRecords(path, bench.rootOffsetBytes);
  return judgeRecords(found, { seed, required, lastHeard: lastNumbers(acknowledgements) });
}

/** The last number of each pattern that came. */
export function lastNumbers(acknowledgements: readonly Acknowledgement[]): Required {
  const last = new Map<string, number>();
  for (const { pattern, number } of acknowledgements) {
    last.set(pattern, Math.max(number, last.get(pattern) ?? 0));
  }
  return last;
}

/** All files of the job, by debugfs: no mount, no root. */
async function readRecords(drive: HostPath, offsetBytes: number): Promise<Found> {
  const folder = await mkdtemp(`${drive}.files-`);
  try {
    // A folder that is not there is told on stderr, and leaves nothing.
    await mustRun(['debugfs', '-R', `rdump ${JOB_PLACE} ${folder}`, `${drive}?offset=${offsetBytes}`]);
    const top = join(folder, JOB_PLACE.slice(JOB_PLACE.lastIndexOf('/') + 1));
    const found = new Map<string, Buffer>();
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      found.set(relative(top, path), await readFile(path));
    }
    return found;
  } finally {
    await rm(folder, { recursive: true });
  }
}
