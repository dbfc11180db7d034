import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatMs, formatPercent, formatRatio, formatSpread, medianOf, spreadOf } from './statistics.ts';

describe('the median', () => {
  it('is the value in the middle', () => assert.equal(medianOf([9, 1, 5]), 5));
  it('is the mean of two values in the middle', () => assert.equal(medianOf([4, 1, 9, 2]), 3));
  it('of nothing is no number', () => assert.ok(Number.isNaN(medianOf([]))));
  it('sorts by value, not by text', () => assert.equal(medianOf([100, 9, 20]), 20));
});

describe('a spread', () => {
  it('has the least and the most', () => {
    assert.deepEqual(spreadOf([3, 1, 2]), { count: 3, median: 2, min: 1, max: 3 });
  });
  it('of nothing is shown as a dash', () => assert.equal(formatSpread(spreadOf([]), String), '–'));
  it('of one value is that value', () => assert.equal(formatSpread(spreadOf([7]), String), '7'));
  it('of several shows where they lie', () => {
    assert.equal(formatSpread(spreadOf([3, 1, 2]), String), '2 (1 – 3)');
  });
});

describe('figures for people', () => {
  it('ratios have as many decimals as they are worth', () => {
    assert.deepEqual(
      [formatRatio(107, 100), formatRatio(125, 10), formatRatio(2860, 10)],
      ['1.07 ×', '12.5 ×', '286 ×'],
    );
  });
  it('a ratio to nothing is a dash', () => {
    assert.deepEqual(
      [formatRatio(1, 0), formatRatio(undefined, 1), formatRatio(1, undefined)],
      ['–', '–', '–'],
    );
  });
  it('times below a second are in milliseconds', () => {
    assert.deepEqual([formatMs(3.44), formatMs(84.4), formatMs(1250)], ['3.4 ms', '84 ms', '1.25 s']);
  });
  it('parts of a hundred have one decimal', () => assert.equal(formatPercent(93.44), '93.4 %'));
});
