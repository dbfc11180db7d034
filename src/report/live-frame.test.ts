import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeInk } from './ink.ts';
import { drawFrame } from './live-frame.ts';
import { RunView } from './run-view.ts';
import { at, finished, MIDDLE_OF_A_RUN, START_MS, started } from './testing.ts';

const SIZES: readonly (readonly [name: string, columns: number, rows: number, unicode: boolean])[] = [
  ['80-columns', 80, 24, true],
  ['40-columns', 40, 24, true],
  ['ascii', 80, 24, false],
  ['4-rows', 80, 4, true],
  ['2-rows', 40, 2, true],
];

describe('the block of the live view', () => {
  for (const [name, columns, rows, unicode] of SIZES) {
    it(`in a run's middle: ${name}`, (t) => {
      const lines = frame(viewOf(), { columns, rows, unicode });
      assert.ok(lines.length < rows, `${lines.length} lines in ${rows} rows`);
      for (const line of lines) assert.ok(line.length < columns, `${line.length} columns: ${line}`);
      t.assert.fileSnapshot(lines.join('\n'), `${import.meta.dirname}/golden/frame-${name}.txt`, {
        serializers: [(text: string) => `${text}\n`],
      });
    });
  }

  it('has only ASCII where the terminal shows no more', () => {
    assert.doesNotMatch(frame(viewOf(), { unicode: false }).join('\n'), /[^\n -~]/);
  });

  it('has the same words with colour, and no escape sequence without', () => {
    const plain = frame(viewOf(), {});
    const colored = frame(viewOf(), { ink: makeInk(true) });
    assert.ok(
      colored.some((line) => line.includes('\u001b[31m')),
      'the failure is red',
    );
    assert.deepEqual(
      colored.map((line) => line.replaceAll(new RegExp(`${'\u001b'}\\[[0-9;]*m`, 'g'), '').trimEnd()),
      plain,
    );
  });

  it('says how many builds it has no room for', () => {
    const view = viewOf();
    for (const build of ['final/a', 'final/b', 'final/c']) view.take(started(249, build));
    const lines = frame(view, { rows: 5 });
    assert.equal(lines.length, 4);
    assert.match(lines[2] ?? '', /and 3 more/);
    assert.match(lines[3] ?? '', /4 of 11/);
  });

  it('fits any size without an exception', () => {
    for (let columns = 1; columns < 120; columns += 1) {
      for (const rows of [1, 2, 3, 5, 40]) {
        const lines = frame(viewOf(), { columns, rows });
        assert.ok(lines.length <= Math.max(rows - 1, 1) && lines.every((line) => line.length < columns));
      }
    }
  });

  it('is empty before anything runs, and when everything has ended', () => {
    assert.deepEqual(frame(new RunView(), {}), []);
    const view = new RunView();
    view.take(at(0, { type: 'run-started', goals: ['final/a'], builds: 1 }));
    view.take(started(0, 'final/a'));
    view.take(finished(1, 'final/a', 1000));
    assert.deepEqual(frame(view, {}), []);
  });

  it('shows sources on their way and steps of the image as well', () => {
    const view = new RunView();
    view.take(
      at(0, { type: 'source-started', name: 'gcc', origin: 'mirror://gnu/gcc.tar.xz', sizeBytes: 1 }),
    );
    view.take(at(0, { type: 'step-started', step: 'assemble image' }));
    assert.deepEqual(
      frame(view, { nowMs: START_MS + 9000 }).map((line) => line.replaceAll(/ +/g, ' ')),
      ['gcc from mirror://gnu/gcc.tar.xz 0:09', 'assemble image 0:09'],
    );
  });
});

function viewOf(): RunView {
  const view = new RunView();
  for (const event of MIDDLE_OF_A_RUN) view.take(event);
  return view;
}

function frame(view: RunView, changes: Partial<Parameters<typeof drawFrame>[1]>): readonly string[] {
  const usual = { columns: 80, rows: 24, unicode: true, ink: makeInk(false), nowMs: START_MS + 251_000 };
  return drawFrame(view, { ...usual, ...changes });
}
