import { statSync } from 'node:fs';
import type { Digest, HostPath } from '#base';
import { findEntry } from './check-artifact.ts';
import { checkInTurn, type Job } from './check-jobs.ts';
import type { StoreFault } from './fault.ts';
import { setAside } from './quarantine.ts';
import { artifactPath, blobPath } from './store-paths.ts';

/** What a run is about to use. */
export type Used = { readonly artifacts: readonly Digest[]; readonly blobs: readonly Digest[] };

/**
 * Checks by content what is about to be used, each entry once in a run. What is not what it says is set aside, so that
 * it counts as not there, and given back. What is not there is no fault: it is made or fetched.
 */
export type CheckBeforeUse = (used: Partial<Used>, signal?: AbortSignal) => Promise<readonly StoreFault[]>;

/** A check for one run. Only for who holds the store's lock. */
export function checkBeforeUse(root: HostPath): CheckBeforeUse {
  const sound = new Set<string>();
  const checkNow: CheckBeforeUse = async ({ artifacts = [], blobs = [] }, signal) => {
    const owner = statSync(root).uid;
    const jobs: readonly Job[] = [
      ...[...new Set(artifacts)].map((digest) => job('artifact', digest, artifactPath(root, digest), owner)),
      ...[...new Set(blobs)].map((digest) => job('blob', digest, blobPath(root, digest), owner)),
    ].filter(({ path }) => !sound.has(path) && findEntry(path) !== undefined);
    const faults: StoreFault[] = [];
    const onChecked = (
      { entry, digest, path }: Job,
      { reasons }: { readonly reasons: readonly string[] },
    ) => {
      if (reasons.length === 0) sound.add(path);
      else faults.push({ entry, name: digest, path, reasons });
    };
    await checkInTurn(jobs, onChecked, signal);
    for (const fault of faults) await setAside(root, fault);
    return faults;
  };
  // One after another: two builds that need the same entry must not both set it aside.
  let last: Promise<unknown> = Promise.resolve();
  return (used, signal) => {
    const checked = last.then(() => checkNow(used, signal));
    last = checked.catch(() => undefined);
    return checked;
  };
}

function job(entry: Job['entry'], digest: Digest, path: HostPath, owner: number): Job {
  return { entry, digest, path, owner };
}
