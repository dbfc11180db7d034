import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originOrder, parseOrigins } from './parse-origins.ts';

test('kinds of origins are taken in the order in which they were given', () => {
  assert.deepEqual(parseOrigins('apt,mirror'), ['apt', 'mirror']);
  assert.deepEqual(parseOrigins('file, https'), ['file', 'https']);
});

test('what is no kind of origin, or is given twice, is wrong usage', () => {
  for (const text of ['', 'apt,', 'apt,apt', 'ftp', 'apt mirror', 'APT']) {
    assert.equal(parseOrigins(text), undefined, text);
  }
});

test('without the network only files of this machine are used, whatever else was asked for', () => {
  assert.deepEqual(originOrder({ offline: true, origins: ['apt', 'mirror'] }), ['file']);
  assert.deepEqual(originOrder({ offline: false, origins: ['apt'] }), ['apt']);
  assert.deepEqual(originOrder({ offline: false }), ['mirror', 'https', 'apt', 'file']);
});
