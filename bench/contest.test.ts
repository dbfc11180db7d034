import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contestTable, figuresOf } from './contest.ts';
import type { ResultFile } from './result.ts';

const RESULT: ResultFile = {
  row: 'p4',
  startedAt: '2026-01-01T00:00:00Z',
  program: { version: '1', revision: 'a', isEdited: false },
  machine: { cores: 2, memoryBytes: 1, kernel: '6', processor: 'x', tools: {} },
  options: {},
  otherLoadPercent: 0,
  samples: [1, 3, 2].flatMap((value, index) => [
    { arm: 'ours', run: String(index), complete: true, figures: { wallMs: value } },
    { arm: 'peer', run: String(index), complete: true, figures: { wallMs: 10 * value } },
  ]),
};

const SHOWN = [
  { arm: 'ours', title: 'BlazeNeuro' },
  { arm: 'peer', title: 'the peer' },
  { arm: 'absent', title: 'nobody' },
];

test('a contest is a line for each that took part, with the ratio to the first', () => {
  const columns = [{ title: 'wall time', figure: 'wallMs', format: (value: number) => `${value} ms` }];
  assert.equal(
    contestTable([RESULT], SHOWN, columns),
    [
      '|            | runs |             wall time | to BlazeNeuro |',
      '| ---------- | ---: | --------------------: | ------------: |',
      '| BlazeNeuro |    3 |    2 ms (1 ms – 3 ms) |        1.00 × |',
      '| the peer   |    3 | 20 ms (10 ms – 30 ms) |        10.0 × |',
      '',
    ].join('\n'),
  );
});

test('samples of several results count together', () => {
  assert.deepEqual(figuresOf([RESULT, RESULT], 'peer', 'wallMs'), [10, 30, 20, 10, 30, 20]);
});
