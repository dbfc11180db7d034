import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TimedEvent } from '#event';
import { makeInk } from './ink.ts';
import { heartbeatLine } from './lines-reporter.ts';
import { drawFrame } from './live-frame.ts';
import { RunView } from './run-view.ts';
import { at, START_MS } from './testing.ts';

const MIB = 1024 ** 2;
const STEP = 'write /dev/sdb';

const progress = (seconds: number, doneMib: number): TimedEvent =>
  at(seconds, { type: 'step-progress', step: STEP, doneBytes: doneMib * MIB, sizeBytes: 300 * MIB });

function viewOf(...events: readonly TimedEvent[]): RunView {
  const view = new RunView();
  for (const event of [at(0, { type: 'step-started', step: STEP }), ...events]) view.take(event);
  return view;
}

function frame(view: RunView, columns: number, seconds: number): readonly string[] {
  const nowMs = START_MS + seconds * 1000;
  return drawFrame(view, { columns, rows: 24, unicode: true, ink: makeInk(false), nowMs });
}

describe('a step that moves bytes', () => {
  const middle = [progress(9, 250), progress(12, 270), progress(20, 280)];

  it('is shown with its speed of late and the time that is left', () => {
    const words = '280.0 MiB of 300.0 MiB · 3.0 MiB/s · about 7.0 s left';
    assert.deepEqual(frame(viewOf(...middle), 80, 20), [`${STEP}    0:20 ${words}`]);
    assert.deepEqual(frame(viewOf(...middle), 120, 20), [`${STEP}    0:20 ${words} ━━━━━━━━━━━━━━━─`]);
    assert.deepEqual(frame(viewOf(...middle), 40, 20), [`${STEP} 0:20 93 % · ~0:07`]);
  });

  it('is told of in the line that comes now and then', () => {
    assert.equal(
      heartbeatLine(viewOf(...middle), START_MS + 20_000),
      `running: ${STEP} 280.0 MiB of 300.0 MiB at 3.0 MiB/s, about 0:07 left`,
    );
  });

  it('has no time left to tell when nothing has moved for a while', () => {
    const [line] = frame(viewOf(progress(1, 100)), 80, 60);
    assert.match(line ?? '', /100\.0 MiB of 300\.0 MiB · 0 B\/s$/);
  });

  it('is gone with its end, and not to be seen before its first bytes', () => {
    assert.match(frame(viewOf(), 80, 1).join(), /^write \/dev\/sdb +0:01$/);
    const end = at(30, { type: 'step-finished', step: STEP, durationMs: 30_000 });
    assert.deepEqual(frame(viewOf(...middle, end), 80, 30), []);
  });
});
