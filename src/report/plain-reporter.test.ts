import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOfBytes, type Problem } from '#base';
import type { Event } from '#event';
import { makeInk } from './ink.ts';
import { type PlainOptions, plainReporter } from './plain-reporter.ts';
import { problemLines } from './problem-lines.ts';

const key = digestOfBytes('key');
const PROBLEM: Problem = {
  kind: 'phase-failed',
  subject: 'final/grep',
  message: 'final/grep failed in its phase build: exit code 2',
  place: '/logs/final/grep.log',
  details: ['make: *** [all] Error 2'],
  hint: 'Look around where it failed: blazeneuro shell final/grep\nThen build it again',
};

const RUN: readonly Event[] = [
  { type: 'source-started', name: 'grep', origin: 'mirror://gnu/grep.tar.xz', sizeBytes: 1_800_000 },
  { type: 'origin-failed', name: 'grep', origin: 'mirror://gnu/grep.tar.xz', reason: 'HTTP 503' },
  {
    ...{ type: 'source-finished', name: 'grep', version: '3.12', origin: 'https://gnu.example/grep.tar.xz' },
    ...{ outcome: 'fetched', sizeBytes: 1_800_000, durationMs: 2100, signer: null },
  },
  {
    ...{ type: 'source-finished', name: 'sed', version: '4.9', origin: 'file:sed.tar.xz' },
    ...{ outcome: 'present', sizeBytes: 1024, durationMs: 0, signer: { name: 'A', fingerprint: 'F' } },
  },
  { type: 'run-started', goals: ['final/grep'], builds: 10 },
  { type: 'action-finished', build: 'final/glibc', outcome: 'reused', key, durationMs: 0, cpuMs: 0 },
  { type: 'action-started', build: 'final/sed', key, log: 'logs/final/sed.log' },
  { type: 'phase-started', build: 'final/sed', phase: 'configure' },
  { type: 'check-finished', build: 'final/sed', passed: false, log: '/logs/final/sed.log' },
  { type: 'action-finished', build: 'final/sed', outcome: 'built', key, durationMs: 65_000, cpuMs: 90_000 },
  { type: 'action-started', build: 'final/grep', key, log: 'logs/final/grep.log' },
  {
    type: 'action-finished',
    build: 'final/grep',
    outcome: 'failed',
    durationMs: 500,
    cpuMs: 0,
    problem: PROBLEM,
  },
  { type: 'action-finished', build: 'final/bash', outcome: 'stopped', durationMs: 0, cpuMs: 0 },
  { type: 'step-started', step: 'assemble image' },
  { type: 'step-finished', step: 'assemble image', durationMs: 4200, detail: '120 MiB' },
  { type: 'note', level: 'info', message: 'Waiting for another run' },
  { type: 'note', level: 'warning', message: 'The clock was set back' },
  { type: 'image-finished', image: 'out/minimal/blazeneuro.img', outcome: 'built', digest: key },
  { type: 'problem', problem: { kind: 'interrupted', subject: 'build', message: 'The run was interrupted' } },
  { type: 'finished', ok: false, built: 1, reused: 1, failed: 1, wallMs: 71_000, cpuMs: 90_000 },
];

describe('plain lines', () => {
  const cases: readonly (readonly [string, Partial<PlainOptions>])[] = [
    ['plain', {}],
    ['quiet', { quiet: true }],
    ['verbose', { verbose: true }],
  ];
  for (const [name, options] of cases) {
    it(`of a whole run, ${name}`, (t) => {
      t.assert.fileSnapshot(linesOf(RUN, options).join('\n'), `${import.meta.dirname}/golden/${name}.txt`, {
        serializers: [(text: string) => `${text}\n`],
      });
    });
  }

  it('have no escape sequence without colour, and the same words with it', () => {
    const plain = linesOf(RUN, {});
    const colored = linesOf(RUN, { ink: makeInk(true) });
    assert.ok(!plain.join('').includes('\u001b'));
    assert.ok(colored.join('').includes('\u001b'));
    assert.deepEqual(colored.map(withoutColor), plain);
  });

  it('tell failures once more at the end, when there are several', () => {
    const failed = (build: string): Event => {
      const problem: Problem = {
        kind: 'phase-failed',
        subject: build,
        message: `${build} failed`,
        place: 'x.log',
      };
      return { type: 'action-finished', build, outcome: 'failed', durationMs: 1, cpuMs: 0, problem };
    };
    const end: Event = { type: 'finished', ok: false, built: 0, reused: 0, failed: 2, wallMs: 1, cpuMs: 0 };
    const again = (line: string) => line.startsWith('failed: ') || line.startsWith('  final/');
    assert.deepEqual(linesOf([failed('final/a'), failed('final/b'), end], { quiet: true }).filter(again), [
      'failed: 2 builds',
      '  final/a failed (x.log)',
      '  final/b failed (x.log)',
    ]);
    assert.deepEqual(linesOf([failed('final/a'), end], { quiet: true }).filter(again), []);
  });

  it('of a run that went well say so', () => {
    const end: Event = { type: 'finished', ok: true, built: 0, reused: 10, failed: 0, wallMs: 400, cpuMs: 0 };
    assert.deepEqual(linesOf([end], {}), ['done: 0 built, 10 from the store; 0.4 s, 0.0 s of CPU time']);
  });
});

describe('a problem for people', () => {
  it('says what, where, the last lines, and what to do', () => {
    assert.deepEqual(problemLines(PROBLEM, makeInk(false)), [
      'error: final/grep failed in its phase build: exit code 2',
      '  at /logs/final/grep.log',
      '  > make: *** [all] Error 2',
      '  hint: Look around where it failed: blazeneuro shell final/grep',
      '        Then build it again',
    ]);
  });

  it('shows where a line tells of an error, and lets no log steer the terminal', () => {
    const details = [
      'gcc -c errors.c -o error.o',
      "main.c:3:1: error: unknown type name 'x'",
      '\u001b]0;title\u0007\u001b[2Jchecking\rfor\tthings',
      './configure: line 3: nonsense: command not found',
      'FAILED: foo.o',
      'ld: cannot find -lfoo',
    ];
    const lines = problemLines({ ...PROBLEM, details }, makeInk(false)).slice(2, 8);
    assert.deepEqual(lines, [
      '  | gcc -c errors.c -o error.o',
      "  > main.c:3:1: error: unknown type name 'x'",
      '  | checkingfor\tthings',
      '  > ./configure: line 3: nonsense: command not found',
      '  > FAILED: foo.o',
      '  > ld: cannot find -lfoo',
    ]);
  });

  it('may be one line', () => {
    const problem: Problem = { kind: 'interrupted', subject: 'x', message: 'x was interrupted' };
    assert.deepEqual(problemLines(problem, makeInk(false)), ['error: x was interrupted']);
  });
});

function linesOf(events: readonly Event[], options: Partial<PlainOptions>): string[] {
  const lines: string[] = [];
  const emit = plainReporter((line) => void lines.push(line), {
    ...{ ink: makeInk(false), quiet: false, verbose: false },
    ...options,
  });
  for (const event of events) emit(event);
  return lines;
}

function withoutColor(line: string): string {
  return line.replaceAll(new RegExp(`${'\u001b'}\\[[0-9;]*m`, 'g'), '');
}
