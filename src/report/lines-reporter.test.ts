import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeInk } from './ink.ts';
import { linesReporter } from './lines-reporter.ts';
import { at, finished, MIDDLE_OF_A_RUN, START_MS, started } from './testing.ts';

describe('plain lines where nothing ends for a while', () => {
  it('say every 30 seconds what runs', () => {
    const log = open({});
    for (const event of MIDDLE_OF_A_RUN) log.emit(event);
    const before = log.lines.length;
    log.beat(251);
    assert.deepEqual(log.periods, [30_000]);
    assert.deepEqual(log.lines.slice(before), [
      'running: toolchain/gcc build 4:10 of ~13:45, final/perl configure 0:31 of ~2:02; ' +
        '4 of 11 done, 3 ready, 2 waiting, about 12:20 left',
    ]);
    assert.ok(!['\r', '\u001b'].some((sign) => log.lines.join('').includes(sign)));
  });

  it('say nothing while nothing runs', () => {
    const log = open({});
    log.beat(30);
    log.emit(at(31, { type: 'run-started', goals: ['a'], builds: 1 }));
    log.emit(started(31, 'a'));
    log.emit(finished(32, 'a', 1000));
    log.beat(60);
    assert.deepEqual(log.lines, ['[0/1] a started', '[1/1] a built in 1.0 s']);
  });

  it('tell of sources and steps too', () => {
    const log = open({});
    log.emit(at(0, { type: 'step-started', step: 'assemble image' }));
    log.beat(61);
    assert.deepEqual(log.lines, ['running: assemble image 1:01']);
  });

  it('have no heartbeat when they are to be quiet, and none after the end', () => {
    assert.deepEqual(open({ quiet: true }).periods, []);
    const log = open({});
    log.close();
    assert.equal(log.isTicking(), false);
  });
});

function open(changes: { readonly quiet?: boolean }) {
  const lines: string[] = [];
  const periods: number[] = [];
  let nowMs = START_MS;
  let act = (): void => {};
  let ticking = false;
  const reporter = linesReporter((line) => void lines.push(line), {
    ...{ ink: makeInk(false), quiet: false, verbose: false, now: () => nowMs },
    every: (periodMs, beat) => {
      periods.push(periodMs);
      act = beat;
      ticking = true;
      return {
        [Symbol.dispose]: () => {
          ticking = false;
        },
      };
    },
    ...changes,
  });
  return {
    ...{ lines, periods, emit: reporter.emit },
    isTicking: () => ticking,
    close: () => reporter[Symbol.dispose](),
    /** The timer goes off so many seconds after the start. */
    beat: (seconds: number) => {
      nowMs = START_MS + seconds * 1000;
      act();
    },
  };
}
