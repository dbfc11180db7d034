import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TimedEvent } from '#event';
import { makeInk } from './ink.ts';
import { liveReporter } from './live-reporter.ts';
import { at, finished, MIDDLE_OF_A_RUN, phase, planned, START_MS, started } from './testing.ts';
import { openScreen } from './testing-screen.ts';

const HIDDEN_CURSOR = '\u001b[?25l';
const SHOWN_CURSOR = '\u001b[?25h';

describe('the live view', () => {
  it('has a block below the lines, and the cursor at its start', async () => {
    const view = open(80, 24);
    view.tell(MIDDLE_OF_A_RUN);
    assert.deepEqual(await view.lines(), [
      '[ 2/11] toolchain/gcc started',
      '[ 2/11] temporary/m4 started',
      '[ 3/11] temporary/m4 built in 40 s',
      '[ 3/11] final/tcl started',
      '[ 4/11] final/tcl failed after 1.0 s',
      '[ 4/11] final/perl started',
      'toolchain/gcc build        4:10 of ~13:45    ━━━━━───────────',
      'final/perl    configure    0:31 of ~2:02     ━━━━────────────',
      'next: final/bash, final/sed, final/iana-etc · 3 ready · 2 waiting',
      '1.9 of 2 cores busy · 812.0 MiB · 2 from the store · 4:10 so far',
      '━━━━━━────────────────── 4 of 11 · 26 % · 1 failed · about 12 min 20 s left',
    ]);
    assert.equal(view.screen.cursorLine(), 6);
  });

  it('lets times go on by itself, and is not drawn again when nothing would be another', async () => {
    const view = open(80, 24);
    view.tell([at(0, { type: 'run-started', goals: ['a'], builds: 1 }), started(0, 'a')]);
    view.pass(65_000);
    view.live.tick();
    assert.match((await view.lines()).join('\n'), /^a +1:05$/m);
    const writes = view.writes.length;
    view.pass(400);
    view.live.tick();
    assert.equal(view.writes.length, writes);
  });

  it('goes away at the end, and gives the cursor back', async () => {
    const view = open(80, 24);
    view.tell([at(0, { type: 'run-started', goals: ['a'], builds: 1 }), started(0, 'a')]);
    assert.ok(view.writes.at(-1)?.includes(HIDDEN_CURSOR));
    view.tell([finished(2, 'a', 2000)]);
    view.live.close();
    assert.deepEqual(await view.lines(), ['[0/1] a started', '[1/1] a built in 2.0 s']);
    assert.ok(cursorIsShown(view.writes));
  });

  it('gives the terminal back for ^Z, and comes again', async () => {
    const view = open(80, 24);
    view.tell(MIDDLE_OF_A_RUN);
    const before = await view.lines();
    view.live.close();
    assert.equal((await view.lines()).length, before.length - 5);
    assert.ok(cursorIsShown(view.writes));
    await view.screen.write('[1]+ Stopped   blazeneuro build\n$ fg\n');
    view.live.redraw();
    assert.deepEqual((await view.lines()).slice(-5), before.slice(-5));
    assert.ok(!cursorIsShown(view.writes));
  });

  it('keeps no line back when it is closed, however fast events came', async () => {
    const view = open(80, 24);
    view.tell([at(0, { type: 'run-started', goals: ['a'], builds: 1000 })]);
    const builds = Array.from({ length: 1000 }, (_, index) => `final/p${index}`);
    for (const build of builds) {
      view.live.emit(started(0, build));
      view.live.emit(finished(0, build, 0));
    }
    assert.ok(view.writes.length < 5, `${view.writes.length} frames within a moment`);
    view.live.close();
    const told = (await view.lines()).filter((line) => line.includes('built'));
    assert.deepEqual(
      told.map((line) => /final\/p\d+/.exec(line)?.[0]),
      builds,
    );
  });

  it('leaves no piece of itself among the lines that scroll away', async () => {
    const view = open(60, 8);
    view.tell([at(0, { type: 'run-started', goals: ['a'], builds: 60 }), started(0, 'slow')]);
    for (let index = 0; index < 40; index += 1) {
      view.pass(100);
      view.tell([started(index, `final/p${index}`)]);
      view.pass(100);
      // Longer than the terminal is wide.
      view.tell([at(index, { type: 'note', level: 'info', message: `${index} ${'word '.repeat(20)}` })]);
      view.tell([finished(index, `final/p${index}`, 0)]);
    }
    view.live.close();
    const lines = await view.lines();
    assert.equal(lines.filter((line) => /^slow /.test(line)).length, 0, lines.join('\n'));
    assert.equal(lines.filter((line) => line.includes('━')).length, 0);
    assert.equal(lines.filter((line) => line.includes(' started')).length, 41);
  });

  for (const [columns, rows] of [
    [40, 24],
    [30, 8],
    [120, 40],
    [20, 3],
  ] as const) {
    it(`survives a terminal that becomes ${columns} × ${rows}`, async () => {
      const view = open(80, 24);
      view.tell(MIDDLE_OF_A_RUN);
      await view.lines();
      view.screen.resize(columns, rows);
      Object.assign(view.size, { columns, rows });
      view.live.redraw();
      const fresh = open(columns, rows);
      fresh.tell(MIDDLE_OF_A_RUN);
      // What scrolled is wrapped where it was; the block is what a terminal of this size gets from the start.
      const height = (await fresh.lines()).length - fresh.screen.cursorLine();
      assert.deepEqual((await view.lines()).slice(-height), (await fresh.lines()).slice(-height));
      assert.equal((await view.lines()).filter((line) => /─ 4( of |\/)11/.test(line)).length, 1);
    });
  }

  it('writes each frame at once, and clears nothing that it does not write again', () => {
    const view = open(80, 24);
    view.tell(MIDDLE_OF_A_RUN);
    for (const text of view.writes) {
      assert.ok(text.startsWith('\u001b[?2026h') && text.endsWith('\u001b[?2026l'));
      // Only what lies below is cleared as a whole, and only after all that stands above it.
      assert.equal(text.split('\u001b[J').length, 2);
      assert.ok(!text.includes('\u001b[2'.concat('J')) && !text.includes('\u001b[2K'));
    }
  });

  it('shows a name of a phase that is new', async () => {
    const view = open(80, 24);
    view.tell([at(0, { type: 'run-started', goals: ['a'], builds: 2 }), planned(1, { a: [5], b: [5] })]);
    view.tell([started(0, 'a'), phase(0, 'a', 'configure')]);
    view.live.redraw();
    assert.match((await view.lines()).join('\n'), /a configure/);
  });
});

function open(columns: number, rows: number) {
  const size = { columns, rows };
  const screen = openScreen(columns, rows);
  const writes: string[] = [];
  let written = Promise.resolve();
  let nowMs = START_MS + 251_000;
  const live = liveReporter(
    {
      write: (text) => {
        writes.push(text);
        written = written.then(() => screen.write(text));
      },
      get columns() {
        return size.columns;
      },
      get rows() {
        return size.rows;
      },
    },
    { ink: makeInk(false), quiet: false, verbose: false, unicode: true, now: () => nowMs },
  );
  return {
    ...{ live, screen, writes, size },
    tell: (events: readonly TimedEvent[]) => {
      if (events[0]?.type === 'run-started' && events.length < 5) nowMs = START_MS;
      for (const event of events) live.emit(event);
      live.tick();
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** What is to be seen once all that was written has arrived. */
    lines: async () => {
      await written;
      return screen.lines();
    },
  };
}

function cursorIsShown(writes: readonly string[]): boolean {
  const all = writes.join('');
  return all.lastIndexOf(SHOWN_CURSOR) > all.lastIndexOf(HIDDEN_CURSOR);
}
