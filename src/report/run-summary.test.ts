import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TimedEvent } from '#event';
import { makeInk } from './ink.ts';
import { criticalPath, type RanBuild, SummaryCollector } from './run-summary.ts';
import { summaryLines } from './summary-lines.ts';
import { finished, phase, phaseFinished, planned, started } from './testing.ts';

describe('the critical path', () => {
  it('goes from the build that ended last back along the needs that ended last', () => {
    const ran = [
      ranBuild('a', 0, 10),
      ranBuild('b', 0, 30),
      ranBuild('c', 10, 15, 'a'),
      ranBuild('d', 30, 40, 'b', 'c'),
      ranBuild('e', 15, 20, 'c'),
    ];
    assert.deepEqual(criticalPath(ran), [
      { build: 'b', durationMs: 30, waitedMs: 0 },
      { build: 'd', durationMs: 10, waitedMs: 0 },
    ]);
  });

  it('tells how long a build waited for its turn after its needs were there', () => {
    const ran = [ranBuild('a', 0, 10), ranBuild('b', 25, 40, 'a', 'from-the-store')];
    assert.deepEqual(criticalPath(ran), [
      { build: 'a', durationMs: 10, waitedMs: 0 },
      { build: 'b', durationMs: 15, waitedMs: 15 },
    ]);
  });

  it('is one build where none needs another, and none where none ran', () => {
    assert.deepEqual(criticalPath([ranBuild('a', 0, 5), ranBuild('b', 0, 9)]), [
      { build: 'b', durationMs: 9, waitedMs: 0 },
    ]);
    assert.deepEqual(criticalPath([]), []);
  });
});

const RUN: readonly TimedEvent[] = [
  planned(2, { 'final/a': [1], 'final/b': [1, 'final/a'], 'final/c': [1], 'final/d': [1] }),
  finished(0, 'final/d', 0, 'reused'),
  started(0, 'final/a'),
  started(0, 'final/c'),
  phase(0, 'final/a', 'configure'),
  phase(0, 'final/c', 'build'),
  phaseFinished(6, 'final/a', 'configure', 6000),
  phase(6, 'final/a', 'build'),
  phaseFinished(10, 'final/a', 'build', 4000),
  finished(10, 'final/a', 10_000),
  started(10, 'final/b'),
  phase(10, 'final/b', 'build'),
  phaseFinished(15, 'final/c', 'build', 15_000),
  finished(15, 'final/c', 15_000, 'failed'),
  phaseFinished(40, 'final/b', 'build', 30_000),
  finished(40, 'final/b', 30_000),
];

describe('the summary of a run', () => {
  it('says where its time went', () => {
    assert.deepEqual(summaryOf(RUN), {
      type: 'summary',
      slowest: [
        { build: 'final/b', durationMs: 30_000, cpuMs: 30_000 },
        { build: 'final/a', durationMs: 10_000, cpuMs: 10_000 },
      ],
      phases: [
        { phase: 'build', durationMs: 49_000, cpuMs: 49_000 },
        { phase: 'configure', durationMs: 6000, cpuMs: 6000 },
      ],
      criticalPath: [
        { build: 'final/a', durationMs: 10_000, waitedMs: 0 },
        { build: 'final/b', durationMs: 30_000, waitedMs: 0 },
      ],
      // 40 s of CPU time in 40 s on two cores.
      busyShare: 0.5,
      jobs: 2,
    });
  });

  it('is none when all came from the store, or nothing ended well', () => {
    assert.equal(summaryOf([finished(0, 'final/a', 0, 'reused')]), undefined);
    assert.equal(summaryOf([started(0, 'final/a'), finished(1, 'final/a', 1000, 'failed')]), undefined);
  });

  it('names no more than the slowest', () => {
    const names = Array.from({ length: 30 }, (_, index) => `final/p${index}`);
    const events = names.flatMap((name, index) => [started(0, name), finished(index, name, index * 1000)]);
    const slowest = summaryOf(events)?.slowest.map(({ build }) => build);
    assert.deepEqual(slowest, names.slice(-6).reverse());
  });

  it('is short for people', () => {
    const summary = summaryOf(RUN);
    assert.deepEqual(summary === undefined ? [] : summaryLines(summary, makeInk(false)), [
      'slowest builds, and their share of the time of all:',
      '  final/b         30 s  55 %',
      '  final/a         10 s  18 %',
      'by phase: build 89 %, configure 11 %',
      'the chain that ended last: 2 builds, 40 s',
      '  final/a > final/b',
      '2 jobs, busy 50 % of the time that builds ran',
    ]);
  });

  it('shows the longest steps of a long chain, and tells of waiting', () => {
    const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
    const steps = names.map((build, index) => ({ build, durationMs: 1000 * (index + 1), waitedMs: 500 }));
    const summary = { ...summaryOf(RUN), criticalPath: steps } as Parameters<typeof summaryLines>[0];
    const lines = summaryLines(summary, makeInk(false)).join('\n');
    assert.match(lines, /12 builds, 1 min 18 s, and 6\.0 s of waiting for a turn/);
    assert.match(lines, /^ {2}p4 > .* > p11 \(and 4 shorter ones\)$/m);
  });
});

function ranBuild(build: string, startMs: number, endMs: number, ...needs: string[]): RanBuild {
  return { build, startMs, endMs, needs };
}

function summaryOf(events: readonly TimedEvent[]) {
  const collector = new SummaryCollector();
  for (const event of events) collector.take(event);
  return collector.summary();
}
