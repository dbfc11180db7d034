import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requiredRecords } from './acknowledged.ts';
import { chooseCrash } from './crash-state.ts';
import { FLUSH, handLog, logBytes, write } from './testing.ts';
import { parseLog, withoutCache } from './write-log.ts';

test('a log is read entry by entry', () => {
  const log = handLog([
    write(8, 'ab'),
    FLUSH,
    write(3, 'c', 2),
    { flags: 4, sector: 16, count: 100 },
    write(1, 'd', 3),
  ]);
  assert.deepEqual(
    log.entries.map(({ kind, isFlush, isForced, offsetBytes, lengthBytes }) => [
      kind,
      isFlush,
      isForced,
      offsetBytes / 512,
      lengthBytes / 512,
    ]),
    [
      ['write', false, false, 8, 2],
      ['flush', true, false, 0, 0],
      ['write', false, true, 3, 1],
      // A discard has a length, but no bytes in the log.
      ['discard', false, false, 16, 100],
      ['write', true, true, 1, 1],
    ],
  );
  const [first] = log.entries;
  assert.equal(log.bytes.toString('latin1', first?.dataAt, first?.endsAt), 'a'.repeat(512) + 'b'.repeat(512));
});

test('the count of the superblock may lag behind', () => {
  const log = parseLog(logBytes([write(8, 'ab'), FLUSH, write(9, 'c')], 1));
  assert.equal(log.ok && log.value.entries.length, 3);
});

test('it ends before a gap, and before an entry that is not whole', () => {
  const whole = logBytes([write(8, 'ab'), FLUSH, write(9, 'cd'), FLUSH]);
  const cut = parseLog(whole.subarray(0, whole.length - 1024));
  assert.equal(cut.ok && cut.value.entries.length, 2);
  const gap = Buffer.from(whole);
  // The third entry was never written: superblock, entry and two sectors, flush.
  gap.fill(0, 5 * 512, 8 * 512);
  const parsed = parseLog(gap);
  assert.equal(parsed.ok && parsed.value.entries.length, 2);
});

test('the superblock comes with the first flush', () => {
  const early = logBytes([write(8, 'ab')]).fill(0, 0, 512);
  for (const [bytes, count] of [
    [Buffer.alloc(0), 0],
    [Buffer.alloc(4096), 0],
    [early, 1],
  ] as const) {
    const log = parseLog(bytes);
    assert.equal(log.ok && log.value.entries.length, count);
  }
});

test('what is no log is refused', () => {
  const [magic, sectors, flags] = [1, 2, 3].map(() => logBytes([FLUSH]));
  magic?.writeUInt8(1, 0);
  sectors?.writeUInt32LE(4096, 24);
  flags?.writeUInt8(0x40, 512 + 16);
  for (const [bytes, message] of [
    [magic, /no log of writes/],
    [sectors, /4096 bytes, not 512/],
    [flags, /unknown flags: 64/],
  ] as const) {
    const log = parseLog(bytes ?? Buffer.alloc(0));
    assert.match(log.ok ? '' : log.problem.message, message);
  }
});

test('a drive without a cache loses no more than the one write that was on its way', () => {
  const log = withoutCache(handLog([write(0, 'ab'), write(2, 'c'), FLUSH, write(3, 'd')]));
  assert.deepEqual(
    log.entries.map(({ kind }) => kind),
    ['write', 'flush', 'write', 'flush', 'flush', 'write', 'flush'],
  );
  for (let seed = 0; seed < 500; seed++) {
    const { kept, droppedCount } = chooseCrash(log, seed);
    assert.ok(kept.length + droppedCount <= 1);
  }
  // What was heard of behind the second write is safe once that was done.
  const heard = [{ pattern: 'append', number: 1, logBytes: log.entries[2]?.endsAt ?? 0 }];
  assert.deepEqual(
    [1, 2, 3].map((at) => requiredRecords(log, heard, { at }).size),
    [0, 0, 1],
  );
});
