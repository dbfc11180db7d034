import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareVersions, findVersion } from './version.ts';

/** First lines as programs of Debian 12, Fedora and Ubuntu print them. */
const RECORDED: readonly (readonly [line: string, version: string])[] = [
  ['GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)', '5.2.15'],
  ['GNU ld (GNU Binutils for Debian) 2.40', '2.40'],
  ['GNU ld version 2.41-37.fc40', '2.41'],
  ['gcc (Debian 12.2.0-14+deb12u1) 12.2.0', '12.2.0'],
  ['gcc (Ubuntu 13.3.0-6ubuntu2~24.04) 13.3.0', '13.3.0'],
  ['ldd (Debian GLIBC 2.36-9+deb12u14) 2.36', '2.36'],
  ['GNU Awk 5.2.1, API 3.2, PMA Avon 8-g1, (GNU MPFR 4.2.0, GNU MP 6.2.1)', '5.2.1'],
  ['GNU Make 4.3', '4.3'],
  ["version='5.36.0';", '5.36.0'],
  ['Python 3.11.2', '3.11.2'],
  ['texi2any (GNU texinfo) 6.8', '6.8'],
  ['grep (GNU grep) 2.5.1a', '2.5.1a'],
  ['bzip2, a block-sorting file compressor.  Version 1.0.8, 13-Jul-2019.', '1.0.8'],
  ['*** Zstandard CLI (64-bit) v1.5.4, by Yann Collet ***', '1.5.4'],
  ['6.1.0-25-amd64', '6.1.0'],
];

describe('findVersion', () => {
  for (const [line, version] of RECORDED) {
    test(`reads ${version} from: ${line}`, () => assert.equal(findVersion(line), version));
  }

  test('finds none where there is none', () => {
    assert.equal(findVersion('mawk'), undefined);
    assert.equal(findVersion('usage: tar [-]{crtux}'), undefined);
  });
});

describe('compareVersions', () => {
  test('counts by numbers, not by letters', () => assert.ok(compareVersions('4.10.0', '4.2.31') > 0));
  test('takes a missing part for zero', () => assert.equal(compareVersions('5.0', '5'), 0));
  test('puts a letter after none', () => {
    assert.ok(compareVersions('2.5.1', '2.5.1a') < 0);
    assert.ok(compareVersions('2.5.2', '2.5.1a') > 0);
    assert.equal(compareVersions('2.5.1a', '2.5.1a'), 0);
  });
});
