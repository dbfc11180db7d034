import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNoSpace } from './errno.ts';

describe('isNoSpace', () => {
  it('knows a full disk and a full quota by their errors', () => {
    const thrown = (code: string) => Object.assign(new Error(code), { code });
    assert.deepEqual(
      ['ENOSPC', 'EDQUOT', 'EIO'].map((code) => isNoSpace(thrown(code))),
      [true, true, false],
    );
  });
});
