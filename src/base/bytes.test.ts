import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatBytes, formatDuration } from './bytes.ts';

describe('sizes for people', () => {
  const cases = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [1024 ** 2 - 1, '1.0 MiB'],
    [158_754_400, '151.4 MiB'],
    [12 * 1024 ** 3, '12.0 GiB'],
    [5000 * 1024 ** 4, '5000.0 TiB'],
  ] as const;
  for (const [sizeBytes, text] of cases) {
    it(`${sizeBytes} is ${text}`, () => assert.equal(formatBytes(sizeBytes), text));
  }
});

describe('times for people', () => {
  const cases = [
    [0, '0.0 s'],
    [420, '0.4 s'],
    [9949, '9.9 s'],
    [9950, '10 s'],
    [59_499, '59 s'],
    [59_500, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [4_350_000, '1 h 12 min'],
  ] as const;
  for (const [durationMs, text] of cases) {
    it(`${durationMs} ms is ${text}`, () => assert.equal(formatDuration(durationMs), text));
  }
});
