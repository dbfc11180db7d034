import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unwrap } from '#base';
import { defaultLimits } from '#build';
import { buildLimits } from './build-limits.ts';

describe('the limits of a build', () => {
  it('are the defaults, changed by what the environment names', () => {
    assert.deepEqual(unwrap(buildLimits({})), defaultLimits());
    const named = unwrap(buildLimits({ BLAZENEURO_LIMITS: ' time=90min memory=2G  processes=100 file=5M' }));
    assert.deepEqual(named, {
      timeMs: 5_400_000,
      memoryBytes: 2 * 1024 ** 3,
      processes: 100,
      fileBytes: 5 * 1024 ** 2,
      outputBytes: defaultLimits().outputBytes,
      unpackedBytes: defaultLimits().unpackedBytes,
      unpackedEntries: defaultLimits().unpackedEntries,
    });
    const forArchives = unwrap(buildLimits({ BLAZENEURO_LIMITS: 'unpacked=16G entries=5' }));
    assert.deepEqual([forArchives.unpackedBytes, forArchives.unpackedEntries], [16 * 1024 ** 3, 5]);
  });

  it('are refused, by the word, when they are none', () => {
    for (const word of [
      'time',
      'time=',
      'time=6',
      'time=0h',
      'memory=2h',
      'speed=3',
      'processes=4k',
      'toString=1',
    ]) {
      const result = buildLimits({ BLAZENEURO_LIMITS: `time=1h ${word}` });
      assert.equal(result.ok ? undefined : result.problem.kind, 'wrong-usage', word);
      assert.match(result.ok ? '' : result.problem.message, new RegExp(`has ${word} in it`));
    }
  });
});
