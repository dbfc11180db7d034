import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, isBeforeRelease } from './compare-versions.ts';

test('versions stand in the order in which they were released', () => {
  const released = [
    '0.9',
    '1.0-alpha1',
    '1.0-beta2',
    '1.0~rc1',
    '1.0-rc2',
    '1.0',
    '1.0a',
    '1.0b',
    '1.0.1',
    '1.0.1p1',
    '1.1',
    '1.9',
    '1.10',
    '2025a',
    '2025b',
    '20250101',
  ];
  assert.deepEqual(released.toReversed().toSorted(compareVersions), released);
});

test('what separates the parts does not matter, and neither do zeros before a number', () => {
  for (const [left, right] of [
    ['2_6_4', '2.6.4'],
    ['1.02', '1.2'],
    ['1.0-RC1', '1.0rc1'],
  ] as const) {
    assert.equal(compareVersions(left, right), 0);
  }
});

test('what announces a release is known', () => {
  const found = ['2.0-rc1', '1.5~git20250101', '3.0beta', '1.0', '1.0.2b', '2025b'].filter(isBeforeRelease);
  assert.deepEqual(found, ['2.0-rc1', '1.5~git20250101', '3.0beta']);
});
