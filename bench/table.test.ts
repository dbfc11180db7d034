import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownTable } from './table.ts';

test('columns stand below each other, figures to the right', () => {
  assert.equal(
    markdownTable(
      ['what', 'time'],
      [
        ['ours', '4.2 s'],
        ['somebody else', '12 s'],
      ],
    ),
    [
      '| what          |  time |',
      '| ------------- | ----: |',
      '| ours          | 4.2 s |',
      '| somebody else |  12 s |',
      '',
    ].join('\n'),
  );
});
