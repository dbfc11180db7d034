import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exitCodeOf, unwrap } from '#base';
import { sourceDateEpoch } from './source-date-epoch.ts';

describe('SOURCE_DATE_EPOCH', () => {
  it('is the time of every file, and has a default', () => {
    assert.equal(unwrap(sourceDateEpoch({ SOURCE_DATE_EPOCH: '7' })), 7);
    assert.equal(unwrap(sourceDateEpoch({})), 1735689600);
    assert.equal(unwrap(sourceDateEpoch({ SOURCE_DATE_EPOCH: '' })), 1735689600);
  });

  it('is wrong usage when it is no whole number of seconds', () => {
    for (const text of ['today', '-1', '1.5', '1e9', ' 7', '99999999999']) {
      const result = sourceDateEpoch({ SOURCE_DATE_EPOCH: text });
      assert.ok(!result.ok && exitCodeOf(result.problem.kind) === 2, text);
    }
  });
});
