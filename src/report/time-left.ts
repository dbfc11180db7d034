import type { PlannedWork } from '#event';

/** How far a run is, as far as an estimate of its end needs it; times in milliseconds. */
export type Progress = {
  /** Every build of the run, needs first. */
  readonly work: readonly PlannedWork[];
  readonly jobs: number;
  /** How long each build took that ended; 0 for one from the store. */
  readonly finished: ReadonlyMap<string, number>;
  /** How long each build runs that has not ended. */
  readonly running: ReadonlyMap<string, number>;
  /** Since the first build started. */
  readonly elapsedMs: number;
};

/** What is known before a run is trusted as much as this much of the run itself. */
const TRUST_MS = 120_000;

/** A build that runs longer than it should is taken to need this share of its time again. */
const LEAST_SHARE = 0.05;

/**
 * How long a run goes on, in milliseconds: the longest chain of builds that is left, or all that is left by what the
 * run gets done in its time, whichever is larger. Both are corrected by how this run went so far.
 */
export function estimateLeftMs(progress: Progress): number {
  const pace = paceOf(progress);
  const left = leftOfBuilds(progress, pace);
  return Math.max(longestChain(progress.work, left), sum(left.values()) / pace / speedOf(progress));
}

/** An estimate is not good to the second: to ten of them above a minute, and to whole minutes above an hour. */
export function roundLeftMs(leftMs: number): number {
  const unitMs = leftMs < 60_000 ? 1000 : leftMs < 3_600_000 ? 10_000 : 60_000;
  return Math.ceil(leftMs / unitMs) * unitMs;
}

/** Which share of the whole work is done, from 0 to 1; work counts by its estimated time. */
export function shareDone({ work, finished, running }: Progress): number {
  const wholeMs = sum(work.map(({ estimateMs }) => estimateMs));
  if (wholeMs === 0) return 0;
  return sum(work.map((one) => doneOf(one, finished, running))) / wholeMs;
}

/** How long each unfinished build and everything that waits for it takes at least: who is first in the queue. */
export function chainsBehind(work: readonly PlannedWork[]): ReadonlyMap<string, number> {
  const longest = new Map<string, number>();
  for (const { build, needs, estimateMs } of work.toReversed()) {
    const own = (longest.get(build) ?? 0) + estimateMs;
    longest.set(build, own);
    for (const need of needs) longest.set(need, Math.max(longest.get(need) ?? 0, own));
  }
  return longest;
}

/** How long builds of this run took, by what they were estimated to take. */
function paceOf({ work, finished }: Progress): number {
  const built = work.filter(({ build }) => (finished.get(build) ?? 0) > 0);
  const tookMs = sum(built.map(({ build }) => finished.get(build) ?? 0));
  return (tookMs + TRUST_MS) / (sum(built.map(({ estimateMs }) => estimateMs)) + TRUST_MS);
}

/** Estimated time that gets done in a unit of time: about the number of jobs, when these are busy. */
function speedOf({ work, jobs, finished, running, elapsedMs }: Progress): number {
  const builtOrRunning = work.filter(({ build }) => finished.get(build) !== 0);
  const doneMs = sum(builtOrRunning.map((one) => doneOf(one, finished, running)));
  return (doneMs + jobs * TRUST_MS) / (elapsedMs + TRUST_MS);
}

function doneOf(
  { build, estimateMs }: PlannedWork,
  finished: Progress['finished'],
  running: Progress['running'],
): number {
  if (finished.has(build)) return estimateMs;
  return Math.min(running.get(build) ?? 0, estimateMs * (1 - LEAST_SHARE));
}

function leftOfBuilds({ work, finished, running }: Progress, pace: number): Map<string, number> {
  const left = new Map<string, number>();
  for (const { build, estimateMs } of work) {
    if (finished.has(build)) continue;
    const wholeMs = estimateMs * pace;
    left.set(build, Math.max(wholeMs - (running.get(build) ?? 0), wholeMs * LEAST_SHARE));
  }
  return left;
}

function longestChain(work: readonly PlannedWork[], left: ReadonlyMap<string, number>): number {
  const endOf = new Map<string, number>();
  for (const { build, needs } of work) {
    const startMs = Math.max(0, ...needs.map((need) => endOf.get(need) ?? 0));
    endOf.set(build, startMs + (left.get(build) ?? 0));
  }
  return Math.max(0, ...endOf.values());
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
