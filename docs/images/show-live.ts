/**
 * Shows the live view as it is in the middle of a build, by the renderer itself:
 * `show-live.ts | draw-screen.ts TITLE > live.svg`.
 */
import { digestOfBytes } from '#base';
import type { Event } from '#event';
import { liveReporter, makeInk } from '#report';

const COLUMNS = 100;
const ROWS = 24;

const key = digestOfBytes('');
const [startMs, minuteMs] = [Date.UTC(2026, 0, 1), 60_000];
let nowMs = startMs;
const screen = { lines: '', block: '' };
const view = liveReporter(
  {
    columns: COLUMNS,
    rows: ROWS,
    // A frame is what scrolls away, then the block: the mark between them is where lines are no longer wrapped.
    write: (text) => {
      const [lines = '', block = ''] = text.split('\u001b[?7l');
      screen.lines += lines;
      screen.block = block;
    },
  },
  { ink: makeInk(true), quiet: false, verbose: false, unicode: true, now: () => nowMs },
);

const work: readonly (readonly [build: string, minutes: number, ...needs: string[]])[] = [
  ['toolchain/binutils', 1.2],
  ['toolchain/gcc', 11.5, 'toolchain/binutils'],
  ['toolchain/glibc', 6, 'toolchain/gcc'],
  ['temporary/gcc', 13.7, 'toolchain/glibc'],
  ['temporary/perl', 2.1, 'toolchain/glibc'],
  ['temporary/bash', 1.1, 'toolchain/glibc'],
  ['temporary/coreutils', 1.6, 'toolchain/glibc'],
  ['temporary/diffutils', 0.8, 'toolchain/glibc'],
  ['final/glibc', 7, 'temporary/gcc', 'temporary/bash'],
  ['final/openssl', 4.4, 'final/glibc', 'temporary/perl'],
  ['system/linux', 9, 'final/glibc'],
];

tell(0, { type: 'run-started', goals: ['image'], builds: work.length });
tell(0, {
  type: 'run-planned',
  jobs: 2,
  work: work.map(([build, minutes, ...needs]) => ({ build, needs, estimateMs: minutes * minuteMs })),
});
end(0, 'toolchain/binutils', 0);
begin(0.01, 'toolchain/gcc');
end(11.3, 'toolchain/gcc', 11.3);
begin(11.3, 'toolchain/glibc');
end(17.1, 'toolchain/glibc', 5.8);
begin(17.1, 'temporary/gcc');
begin(17.1, 'temporary/coreutils');
tell(17.2, { type: 'phase-started', build: 'temporary/gcc', phase: 'build' });
end(18.9, 'temporary/coreutils', 1.8);
begin(18.9, 'temporary/perl');
tell(19, { type: 'phase-started', build: 'temporary/perl', phase: 'configure' });
tell(20, { type: 'usage', coresBusy: 1.97, memoryBytes: 812 * 1024 ** 2 });
view.tick();
process.stdout.write(`$ ./blazeneuro build\n${screen.lines}${screen.block}\n`);

function begin(minutes: number, build: string): void {
  tell(minutes, { type: 'action-started', build, key, log: `logs/${build}.log` });
}

function end(minutes: number, build: string, tookMinutes: number): void {
  const outcome = tookMinutes === 0 ? 'reused' : 'built';
  const durationMs = tookMinutes * minuteMs;
  tell(minutes, { type: 'action-finished', build, outcome, key, durationMs, cpuMs: durationMs });
}

function tell(minutes: number, event: Event): void {
  nowMs = startMs + minutes * minuteMs;
  view.emit({ ...event, atMs: nowMs });
}
