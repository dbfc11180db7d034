import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TimedEvent } from '#event';
import { at, finished, phase, phaseFinished, START_MS, started } from './testing.ts';
import { traceReporter } from './trace.ts';

type Entry = {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur: number;
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  readonly args: Readonly<Record<string, unknown>>;
};

const RUN: readonly TimedEvent[] = [
  at(0, { type: 'source-started', name: 'gcc', origin: 'https://gnu.example/gcc.tar.xz', sizeBytes: 9 }),
  at(3, {
    ...{ type: 'source-finished', name: 'gcc', version: '14', origin: 'https://gnu.example/gcc.tar.xz' },
    ...{ outcome: 'fetched', sizeBytes: 9, durationMs: 3000, signer: null },
  }),
  at(3, { type: 'run-started', goals: ['image'], builds: 3 }),
  started(4, 'final/a'),
  started(4, 'final/b'),
  phase(4.5, 'final/a', 'configure'),
  phase(5, 'final/b', 'build'),
  phaseFinished(6, 'final/a', 'configure', 1500),
  phase(6, 'final/a', 'build'),
  at(7, { type: 'usage', coresBusy: 1.9, memoryBytes: 3 * 1024 ** 2 }),
  phaseFinished(8, 'final/a', 'build', 2000),
  // Told of at its end only.
  phaseFinished(9, 'final/a', 'pack', 1000),
  finished(9, 'final/a', 5000),
  started(9, 'final/c'),
  phase(9, 'final/c', 'build'),
  finished(10, 'final/b', 6000, 'failed'),
];

describe('a trace', () => {
  it('has each build with its phases inside it, one row a slot', () => {
    const trace = [...RUN, finished(12, 'final/c', 3000)];
    const entries = traceOf(trace, 12);
    const builds = spans(entries, 'build');
    assert.deepEqual(
      builds.map(({ name, ts, dur, tid, args }) => [name, ts, dur, tid, args['outcome']]),
      [
        ['final/a', 4_000_000, 5_000_000, 0, 'built'],
        ['final/b', 4_000_000, 6_000_000, 1, 'failed'],
        ['final/c', 9_000_000, 3_000_000, 0, 'built'],
      ],
    );
    assert.deepEqual(
      spans(entries, 'phase').map(({ name, args, dur }) => `${args['build']} ${name} ${dur / 1e6}`),
      ['final/a configure 1.5', 'final/a build 2', 'final/a pack 1', 'final/b build 5', 'final/c build 3'],
    );
    for (const one of spans(entries, 'phase')) {
      const build = builds.find(({ name }) => name === one.args['build']);
      assert.ok(build !== undefined && build.pid === one.pid && build.tid === one.tid);
      assert.ok(one.ts >= build.ts && one.ts + one.dur <= build.ts + build.dur, one.name);
    }
  });

  it('has sources, steps and what the run used, in groups of their own', () => {
    const entries = traceOf([...RUN, at(12, { type: 'step-started', step: 'assemble image' })], 14);
    assert.deepEqual(
      [...spans(entries, 'source'), ...spans(entries, 'step')].map(({ name, dur, pid }) => [name, dur, pid]),
      [
        ['gcc', 3_000_000, 2],
        ['assemble image', 2_000_000, 3],
      ],
    );
    const counters = entries.filter(({ ph }) => ph === 'C');
    assert.deepEqual(
      counters.map(({ name, ts, args }) => [name, ts, args]),
      [
        ['cores busy', 7_000_000, { cores: 1.9 }],
        ['memory', 7_000_000, { MiB: 3 }],
      ],
    );
    const groups = entries.filter(({ name }) => name === 'process_name').map(({ args }) => args['name']);
    assert.deepEqual(groups.toSorted(), ['builds', 'sources', 'steps', 'use of the machine']);
  });

  it('of a run that was broken off ends what was open, and is whole', () => {
    const entries = traceOf(RUN, 20);
    const last = spans(entries, 'build').at(-1);
    assert.deepEqual([last?.name, last?.dur, last?.args['outcome']], ['final/c', 11_000_000, 'broken off']);
    assert.equal(spans(entries, 'phase').at(-1)?.dur, 11_000_000);
  });

  it('of nothing is an empty list, and what comes after its end is left out', () => {
    assert.deepEqual(traceOf([], 0), []);
    let text = '';
    const trace = traceReporter((piece) => {
      text += piece;
    });
    for (const event of RUN) trace.emit(event);
    trace.close(START_MS + 10_000);
    const whole = text;
    trace.close(START_MS + 11_000);
    trace.emit(started(11, 'final/late'));
    assert.equal(text, whole);
  });
});

function traceOf(events: readonly TimedEvent[], endSeconds: number): Entry[] {
  let text = '';
  const trace = traceReporter((piece) => {
    text += piece;
  });
  for (const event of events) trace.emit(event);
  trace.close(START_MS + endSeconds * 1000);
  return JSON.parse(text) as Entry[];
}

function spans(entries: readonly Entry[], kind: string): Entry[] {
  return entries.filter(({ ph, cat }) => ph === 'X' && cat === kind);
}
