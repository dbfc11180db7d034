import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ResultFile, Sample } from '../result.ts';
import { boundOf, idleByBuild } from './bound.ts';
import { type ColdBuild, combineParts } from './combine.ts';

const GRAPH = { a: [], b: ['a'], c: ['a'] };

function timesOf(build: string, startMs: number, endMs: number, cpuMs: number) {
  return { build, startMs, endMs, cpuMs, phases: {} };
}

function resultOf(...samples: Sample[]): ResultFile {
  return {
    row: 'p1',
    startedAt: '2026-01-01T00:00:00Z',
    program: { version: '1', revision: 'a', isEdited: false },
    machine: { cores: 2, memoryBytes: 1, kernel: '6', processor: 'x', tools: {} },
    options: {},
    otherLoadPercent: 0,
    graph: GRAPH,
    samples,
  };
}

const OURS: Sample = {
  arm: 'ours',
  run: '1',
  complete: true,
  targets: ['image'],
  figures: { wallMs: 400, cpuMs: 700, peakDiskBytes: 5 },
  busyPercents: [100, 50],
  builds: [timesOf('a', 0, 100, 180), timesOf('b', 100, 400, 260), timesOf('c', 100, 190, 260)],
};

const SERIAL: Sample = {
  ...OURS,
  arm: 'serial',
  builds: [timesOf('a', 0, 110, 180), timesOf('b', 110, 350, 260), timesOf('c', 350, 600, 260)],
};

function only(...samples: Sample[]): ColdBuild {
  const [build] = combineParts(samples.map((sample) => resultOf(sample)));
  assert.ok(build !== undefined);
  return build;
}

describe('the bound of a cold build', () => {
  it('is the critical path of builds that ran alone, when that is longer than the CPU time', () => {
    const bound = boundOf(only(OURS), only(SERIAL));
    assert.deepEqual(bound.path, { durationMs: 360, builds: ['a', 'c'] });
    assert.deepEqual([bound.cpuMs, bound.boundMs, bound.isMeasuredAlone], [350, 360, true]);
  });

  it('is the CPU time by cores otherwise, and never more than can be', () => {
    const bound = boundOf(only(OURS), undefined);
    assert.deepEqual(bound.path.durationMs, 90 + 130);
    assert.deepEqual([bound.boundMs, bound.isMeasuredAlone], [350, false]);
  });
});

describe('parts of a run', () => {
  it('follow each other as if nothing had been between them', () => {
    const first = { ...OURS, complete: false, targets: ['toolchain'], builds: [timesOf('a', 0, 100, 180)] };
    const second = {
      ...OURS,
      figures: { wallMs: 300, cpuMs: 50, peakDiskBytes: 3 },
      builds: [timesOf('b', 5, 9, 1)],
    };
    const whole = only(first, second);
    assert.deepEqual(whole.figures, { wallMs: 700, cpuMs: 750, peakDiskBytes: 5 });
    assert.deepEqual([whole.goal, whole.complete, whole.builds[1]?.startMs], ['image', true, 405]);
  });
});

it('idle cores are put down to what ran meanwhile', () => {
  assert.deepEqual(idleByBuild(only(OURS)), [['b', 200]]);
});
