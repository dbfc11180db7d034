import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Digest } from '#base';
import { makeInk } from './ink.ts';
import { liveReporter } from './live-reporter.ts';

const key = '0'.repeat(64) as Digest;

function open(columns: number) {
  let written = '';
  let nowMs = 0;
  const reporter = liveReporter(
    {
      write: (text) => {
        written += text;
      },
      columns,
    },
    { ink: makeInk(false), quiet: false, verbose: false, now: () => nowMs },
  );
  return {
    ...reporter,
    pass: (ms: number) => {
      nowMs += ms;
    },
    take: () => {
      const text = written.replaceAll('\u001b[K', '<clear>').replaceAll('\r', '');
      written = '';
      return text;
    },
  };
}

test('the status line names what runs, its phase and its time', () => {
  const view = open(80);
  view.emit({ type: 'run-started', goals: ['final/grep'], builds: 3 });
  view.emit({ type: 'action-started', build: 'final/grep', key, log: 'logs/final/grep.log' });
  view.emit({ type: 'phase-started', build: 'final/grep', phase: 'configure' });
  view.pass(65_000);
  view.take();
  view.tick();
  assert.equal(view.take(), '<clear>[0/3] final/grep configure 1 min 05 s');
});

test('a finished build leaves a line, and the status line goes', () => {
  const view = open(80);
  view.emit({ type: 'run-started', goals: ['final/grep'], builds: 1 });
  view.emit({ type: 'action-started', build: 'final/grep', key, log: 'logs/final/grep.log' });
  view.take();
  view.emit({
    type: 'action-finished',
    build: 'final/grep',
    key,
    outcome: 'built',
    durationMs: 2000,
    cpuMs: 1,
  });
  assert.equal(view.take(), '<clear>[1/1] final/grep built in 2.0 s\n<clear>');
});

test('the status line is cut to a narrow terminal', () => {
  const view = open(20);
  view.emit({ type: 'step-started', step: 'assemble image' });
  view.take();
  view.tick();
  assert.equal(view.take(), '<clear>assemble image 0.0 ');
});
