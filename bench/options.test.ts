import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unwrap } from '#base';
import { readOptions } from './options.ts';

describe('the command line of a bench', () => {
  it('names a row, and the rest has defaults', () => {
    const { row, runs, only, isTrial, goesOn } = unwrap(readOptions(['p2']));
    assert.deepEqual([row, runs, only, isTrial, goesOn], ['p2', undefined, [], false, false]);
  });

  it('takes lists, numbers and sizes', () => {
    const words = [
      'p1',
      '--runs',
      '3',
      '--only',
      'ours,serial',
      '--memory',
      '2G',
      '--store',
      '/b',
      '--continue',
    ];
    const { runs, only, memoryLimitBytes, folder, goesOn } = unwrap(readOptions(words));
    assert.deepEqual(
      [runs, only, memoryLimitBytes, folder, goesOn],
      [3, ['ours', 'serial'], 2 ** 31, '/b', true],
    );
  });

  it('a quick one keeps no result', () => assert.ok(unwrap(readOptions(['p4', '--quick'])).isTrial));

  for (const words of [
    [],
    ['p5'],
    ['p1', 'p2'],
    ['p1', '--runs', 'x'],
    ['p1', '--memory', '2'],
    ['p1', '--no'],
  ]) {
    it(`refuses ${JSON.stringify(words)}`, () => {
      const read = readOptions(words);
      assert.equal(read.ok ? undefined : read.problem.kind, 'wrong-usage');
    });
  }
});
