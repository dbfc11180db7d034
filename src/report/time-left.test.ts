import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chainsBehind, estimateLeftMs, type Progress, shareDone } from './time-left.ts';

const HOUR_MS = 3_600_000;

describe('the time that is left', () => {
  it('is that of the longest chain where cores are enough', () => {
    const work = { a: [10], b: [20, 'a'], c: [5, 'a'] } as const;
    assert.equal(left(work, { jobs: 8 }), 30 * HOUR_MS);
  });

  it('is that of all work by the jobs where these are what is short', () => {
    const work = { a: [10], b: [10], c: [10], d: [10] } as const;
    assert.equal(left(work, { jobs: 2 }), 20 * HOUR_MS);
  });

  it('leaves out what has ended, and what a running build has done', () => {
    const work = { a: [10], b: [20, 'a'] } as const;
    const running = new Map([['b', 5 * HOUR_MS]]);
    const progress = { jobs: 2, finished: new Map([['a', 0]]), running, elapsedMs: 5 * HOUR_MS };
    assert.equal(left(work, progress), 15 * HOUR_MS);
  });

  it('is never nothing for a build that runs longer than it should', () => {
    const value = left({ a: [10] }, { running: new Map([['a', 11 * HOUR_MS]]), elapsedMs: 11 * HOUR_MS });
    assert.ok(value > 0 && value < HOUR_MS, String(value));
  });

  it('follows a run that goes slower than the ones before', () => {
    const finished = new Map([['a', 20 * HOUR_MS]]);
    const progress = { jobs: 1, finished, elapsedMs: 20 * HOUR_MS };
    assertNear(left({ a: [10], b: [10, 'a'] }, progress), 20 * HOUR_MS);
  });

  it('is not misled by what came from the store', () => {
    const finished = new Map([['a', 0]]);
    assert.equal(left({ a: [10], b: [10] }, { jobs: 1, finished }), 10 * HOUR_MS);
  });

  it('is nothing when nothing is left', () => {
    assert.equal(left({}, {}), 0);
    assert.equal(left({ a: [1] }, { finished: new Map([['a', 1]]) }), 0);
  });
});

describe('the share that is done', () => {
  it('counts work by its time, and a build that runs in part', () => {
    const progress = progressOf(
      { a: [10], b: [20], c: [70] },
      { finished: new Map([['a', 1]]), running: new Map([['b', 10 * HOUR_MS]]) },
    );
    assert.equal(shareDone(progress), 0.2);
  });

  it('is not the whole before the last build has ended', () => {
    const running = new Map([['a', 99 * HOUR_MS]]);
    assert.ok(shareDone(progressOf({ a: [10] }, { running })) < 1);
  });
});

it('the chain behind a build is the longest of those that wait for it', () => {
  const { work } = progressOf({ a: [1], b: [2, 'a'], c: [5, 'a'], d: [1, 'b', 'c'] }, {});
  assert.deepEqual(Object.fromEntries(chainsBehind(work)), {
    a: 7 * HOUR_MS,
    b: 3 * HOUR_MS,
    c: 6 * HOUR_MS,
    d: HOUR_MS,
  });
});

/** Builds with hours and needs. Hours, so that what was known before counts for little beside what happened. */
type Work = Readonly<Record<string, readonly [hours: number, ...needs: string[]]>>;

function progressOf(work: Work, changes: Partial<Progress>): Progress {
  return {
    work: Object.entries(work).map(([build, [hours, ...needs]]) => ({
      build,
      needs,
      estimateMs: hours * HOUR_MS,
    })),
    ...{ jobs: 2, finished: new Map(), running: new Map(), elapsedMs: 0 },
    ...changes,
  };
}

function left(work: Work, changes: Partial<Progress>): number {
  return Math.round(estimateLeftMs(progressOf(work, changes)));
}

function assertNear(value: number, expected: number): void {
  assert.ok(Math.abs(value / expected - 1) < 0.05, `${value} is not about ${expected}`);
}
