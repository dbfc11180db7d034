import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TimedEvent } from '#event';
import { makeInk } from './ink.ts';
import { heartbeatLine } from './lines-reporter.ts';
import { drawFrame } from './live-frame.ts';
import { RunView } from './run-view.ts';
import { at, START_MS } from './testing.ts';

const MIB = 1024 ** 2;

const planned = (seconds: number, sizes: Readonly<Record<string, number | null>>): TimedEvent =>
  at(seconds, {
    type: 'sources-planned',
    sources: Object.entries(sizes).map(([name, sizeBytes]) => ({ name, sizeBytes })),
  });

const started = (seconds: number, name: string): TimedEvent =>
  at(seconds, { type: 'source-started', name, origin: `mirror://gnu/${name}`, sizeBytes: null });

const progress = (seconds: number, name: string, receivedBytes: number, sizeBytes: number | null = null) =>
  at(seconds, { type: 'source-progress', name, origin: `mirror://gnu/${name}`, receivedBytes, sizeBytes });

const finished = (seconds: number, name: string, sizeBytes: number): TimedEvent =>
  at(seconds, {
    ...{ type: 'source-finished', name, version: '1', origin: `mirror://gnu/${name}` },
    ...{ outcome: 'fetched', sizeBytes, durationMs: 1000, signer: null },
  });

/** Four sources: one is here, two are on their way, one waits. */
const MIDDLE: readonly TimedEvent[] = [
  planned(0, { sed: 2 * MIB, linux: 100 * MIB, gcc: 60 * MIB, bash: 10 * MIB }),
  started(0, 'sed'),
  started(0, 'linux'),
  finished(2, 'sed', 2 * MIB),
  started(2, 'gcc'),
  progress(4, 'linux', 10 * MIB),
  progress(14, 'linux', 40 * MIB),
];

describe('the downloads of the live view', () => {
  it('show bytes, speed, and how long all of them take', () => {
    assert.deepEqual(frame(viewOf(MIDDLE), 80), [
      'linux    0:14 40.0 MiB of 100.0 MiB · 3.0 MiB/s       ━━━━━━──────────',
      'gcc   from mirror://gnu/gcc    0:12',
      '━━────── 1/4 · 42.0 MiB of 172.0 MiB · 3.0 MiB/s · about 44 s left',
    ]);
  });

  it('fit a narrow terminal', () => {
    const lines = frame(viewOf(MIDDLE), 40);
    assert.match(lines.at(-1) ?? '', /^━.* 1\/4 · 3.0 MiB\/s · ~0:44$/);
    for (const line of lines) assert.ok(line.length < 40, line);
  });

  it('leave room for the run itself', () => {
    const view = viewOf(MIDDLE);
    for (const rows of [1, 2, 3, 4]) {
      const lines = drawFrame(view, { ...shown(80), rows });
      assert.ok(lines.length <= Math.max(rows - 1, 1), `${lines.length} lines in ${rows} rows`);
    }
  });

  it('do not count what an earlier run left as fast', () => {
    const view = viewOf([
      planned(0, { linux: 100 * MIB }),
      started(0, 'linux'),
      progress(1, 'linux', 90 * MIB),
    ]);
    assert.equal(view.downloads.bytesPerSecond(START_MS + 1000), 0);
    view.take(progress(2, 'linux', 91 * MIB));
    assert.equal(view.downloads.bytesPerSecond(START_MS + 2000), MIB / 2);
    assert.equal(view.downloads.leftMs(START_MS + 2000), 18_000);
  });

  it('tell nothing of the time that is left while no size is known, or nothing comes', () => {
    const view = viewOf([
      planned(0, { a: null, b: null }),
      started(0, 'a'),
      progress(1, 'a', 10),
      progress(2, 'a', 20),
    ]);
    assert.equal(view.downloads.leftMs(START_MS + 2000), undefined);
    const still = viewOf(MIDDLE);
    assert.equal(still.downloads.leftMs(START_MS + 100_000), undefined);
  });

  it('take a source of unknown size for one like the others', () => {
    const view = viewOf([planned(0, { a: null, b: 3 * MIB, c: 5 * MIB })]);
    assert.equal(view.downloads.sizeBytes, 12 * MIB);
  });

  it('end with the last source', () => {
    const view = viewOf([planned(0, { a: 10 }), started(0, 'a'), finished(1, 'a', 10)]);
    assert.deepEqual(frame(view, 80), []);
    assert.equal(heartbeatLine(view, START_MS + 2000), undefined);
  });

  it('are no longer there when their origin failed', () => {
    const view = viewOf([planned(0, { a: 10 }), started(0, 'a')]);
    view.take(at(1, { type: 'origin-failed', name: 'a', origin: 'mirror://gnu/a', reason: 'answered 404' }));
    assert.deepEqual(view.running(), []);
  });
});

it('a heartbeat tells of bytes, speed, and sources', () => {
  assert.equal(
    heartbeatLine(viewOf(MIDDLE), START_MS + 14_000),
    'running: linux 40.0 MiB of 100.0 MiB at 3.0 MiB/s 0:14, gcc from mirror://gnu/gcc 0:12; ' +
      '1 of 4 sources, about 0:44 left',
  );
});

function viewOf(events: readonly TimedEvent[]): RunView {
  const view = new RunView();
  for (const event of events) view.take(event);
  return view;
}

function shown(columns: number) {
  return { columns, rows: 24, unicode: true, ink: makeInk(false), nowMs: START_MS + 14_000 };
}

function frame(view: RunView, columns: number): readonly string[] {
  return drawFrame(view, shown(columns));
}
