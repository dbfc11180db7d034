import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requiredRecords } from './acknowledged.ts';
import { FLUSH, handLog, write } from './testing.ts';

describe('a record must be there', () => {
  // 0 write, 1 flush, 2 write, 3 write, 4 flush, 5 write
  const log = handLog([write(0, 'a'), FLUSH, write(1, 'b'), write(2, 'c'), FLUSH, write(3, 'd')]);
  const endOf = (entry: number) => log.entries[entry]?.endsAt ?? 0;
  const required = (heardAfter: number, at: number) =>
    requiredRecords(log, [{ pattern: 'append', number: 1, logBytes: endOf(heardAfter) }], { at }).has(
      'append',
    );

  test('when the flush before its acknowledgement had happened', () => {
    assert.equal(required(1, 1), true);
    assert.equal(required(1, 5), true);
    assert.equal(required(4, 4), true);
    assert.equal(required(5, 5), true);
  });

  test('also when the words came late, but before another flush', () => {
    assert.equal(required(3, 1), true);
    assert.equal(required(5, 4), true);
  });

  test('but not when the power was lost before that flush', () => {
    assert.equal(required(4, 3), false);
    assert.equal(required(4, 0), false);
    assert.equal(required(1, 0), false);
    assert.equal(required(1, -1), false);
  });

  test('even though nothing was flushed: no drive has made it safe', () => {
    assert.equal(required(0, -1), true);
  });

  test('not when it was heard of behind the end of what could be read', () => {
    const heard = [{ pattern: 'append', number: 1, logBytes: endOf(5) + 512 }];
    assert.equal(requiredRecords(log, heard, { at: 5 }).size, 0);
  });

  test('with all those before it', () => {
    const heard = [1, 2, 3].map((number) => ({ pattern: 'slots', number, logBytes: endOf(number + 1) }));
    assert.equal(requiredRecords(log, heard, { at: 3 }).get('slots'), 2);
  });
});

test('a forced write makes a record safe, as a flush does', () => {
  const log = handLog([FLUSH, write(0, 'a', 2), write(1, 'b'), FLUSH]);
  const heard = [{ pattern: 'append', number: 1, logBytes: log.entries[1]?.endsAt ?? 0 }];
  assert.equal(requiredRecords(log, heard, { at: 0 }).size, 0);
  assert.equal(requiredRecords(log, heard, { at: 1 }).size, 1);
});
