import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ResultFile, Sample } from '../result.ts';
import { coldBuildTables } from './tables.ts';

const MINUTE = 60_000;

const OURS: Sample = {
  arm: 'ours',
  run: '1',
  complete: true,
  targets: ['image'],
  figures: {
    wallMs: 40 * MINUTE,
    cpuMs: 76 * MINUTE,
    machineBusyMs: 77 * MINUTE,
    machineOtherMs: 3 * MINUTE,
    peakDiskBytes: 2 ** 31,
    peakOwnBytes: 2 ** 26,
  },
  busyPercents: [95, 95],
  builds: [
    {
      build: 'toolchain/gcc',
      startMs: 0,
      endMs: 30 * MINUTE,
      cpuMs: 58 * MINUTE,
      phases: { configure: 6 * MINUTE, build: 24 * MINUTE },
    },
    {
      build: 'final/grep',
      startMs: 30 * MINUTE,
      endMs: 40 * MINUTE,
      cpuMs: 18 * MINUTE,
      phases: { build: 10 * MINUTE },
    },
  ],
};

function resultOf(...samples: Sample[]): ResultFile {
  return {
    row: 'p1',
    startedAt: '2026-01-01T00:00:00Z',
    program: { version: '1', revision: 'a', isEdited: false },
    machine: { cores: 2, memoryBytes: 1, kernel: '6', processor: 'x', tools: {} },
    options: {},
    otherLoadPercent: 0,
    graph: { 'toolchain/gcc': [], 'final/grep': ['toolchain/gcc'] },
    samples,
  };
}

function lineOf(text: string, title: string): string {
  const line = text.split('\n').find((one) => one.startsWith(`| ${title} `));
  return (line ?? '').replaceAll(/ +/g, ' ').trim();
}

describe('the tables of a cold build', () => {
  const serial = { ...OURS, arm: 'serial', figures: { ...OURS.figures, wallMs: 60 * MINUTE } };
  const text = coldBuildTables([resultOf(OURS, serial)]);

  it('say how near it came to its bound, and what it won', () => {
    assert.equal(lineOf(text, 'wall time'), '| wall time | 40 min 00 s | 1 h 00 min | 1.50 × |');
    assert.equal(
      lineOf(text, 'wall time ÷ the larger of both'),
      '| wall time ÷ the larger of both | 1.000 × | 1.500 × | |',
    );
    assert.equal(lineOf(text, 'cores busy with it'), '| cores busy with it | 95.0 % | 95.0 % | |');
  });

  it('say where the time went: stages, phases, builds, and idle cores', () => {
    assert.equal(lineOf(text, 'toolchain'), '| toolchain | 1 | 30 min 00 s | 58 min 00 s |');
    assert.match(text, /\| configure +\| +6 min 00 s \| +15\.0 % \|/);
    assert.equal(lineOf(text, 'final/grep'), '| final/grep | 18 min 00 s | 10 min 00 s | 10 min 00 s |');
    assert.match(text, /Critical path \(each build alone on all cores\): toolchain\/gcc → final\/grep\./);
  });

  it('show what was built anew beside the whole, and nothing that was tried on the way', () => {
    const again: Sample = { ...OURS, run: '2', targets: ['final'], again: ['final'] };
    const tried: Sample = { ...OURS, run: '3', targets: ['toolchain'] };
    const titles = coldBuildTables([resultOf(OURS), resultOf(again), resultOf(tried)]).match(/^### .*$/gm);
    assert.deepEqual(titles, ['### Build of `image`', '### Build of `final`, all before it being there']);
  });

  it('of a run that was interrupted say what is known, and that it is not all', () => {
    const part = coldBuildTables([resultOf({ ...OURS, complete: false })]);
    assert.match(part, /Not finished: BlazeNeuro, 2 builds in 40 min 00 s\./);
    assert.equal(lineOf(part, 'wall time'), '| wall time | 40 min 00 s | – | – |');
  });
});
