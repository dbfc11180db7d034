import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Digest, HostPath } from '#base';
import { type Checked, checkArtifact, checkBlob } from './check-artifact.ts';

/** One entry to compare with the digest that it is named by. */
export type Job = {
  readonly entry: 'artifact' | 'blob';
  readonly digest: Digest;
  readonly path: HostPath;
  /** The user that the store belongs to. */
  readonly owner: number;
};

/** A thread needs little: one buffer, and the manifest of the artifact it looks at. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

/** Checks one entry, on the thread that calls. */
export function checkJob({ entry, digest, path, owner }: Job): Checked {
  return entry === 'artifact' ? checkArtifact(path, digest) : checkBlob(path, digest, owner);
}

/** Told of each entry as it is done. */
export type OnChecked = (job: Job, checked: Checked) => void;

/** Checks entries in threads, one a core. Ends early, without the rest, when the signal comes. */
export async function checkInThreads(
  jobs: readonly Job[],
  onChecked: OnChecked,
  signal?: AbortSignal,
): Promise<void> {
  const queue = [...jobs].reverse();
  const threads = Math.min(availableParallelism(), jobs.length);
  await Promise.all(Array.from({ length: threads }, () => runThread(queue, onChecked, signal)));
}

/**
 * Checks entries one after another on this thread, which answers to others between two of them. For a run that goes
 * on afterwards: a thread would keep 35 MB, and starts no sooner than what it could save here.
 */
export async function checkInTurn(
  jobs: readonly Job[],
  onChecked: OnChecked,
  signal?: AbortSignal,
): Promise<void> {
  for (const job of jobs) {
    if (signal?.aborted === true) return;
    onChecked(job, checkJob(job));
    await setImmediate();
  }
}

function runThread(queue: Job[], onChecked: OnChecked, signal: AbortSignal | undefined): Promise<void> {
  const thread = new Worker(new URL('./check-worker.ts', import.meta.url), { resourceLimits: THREAD_LIMITS });
  return new Promise((resolve, reject) => {
    let current: Job | undefined;
    const next = (): void => {
      current = signal?.aborted === true ? undefined : queue.pop();
      if (current === undefined) thread.terminate().then(() => resolve(), reject);
      else thread.postMessage(current);
    };
    thread.once('error', reject);
    thread.on('message', (checked: Checked) => {
      if (current !== undefined) onChecked(current, checked);
      next();
    });
    next();
  });
}
