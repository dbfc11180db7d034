import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { digestOfBytes, digestOfData, parseDigest, startDigest } from './digest.ts';

// FIPS 180-4, the examples of SHA-256.
const OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const OF_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('digests', () => {
  it('are SHA-256 in hexadecimal', () => {
    assert.equal(digestOfBytes(''), OF_NOTHING);
    assert.equal(digestOfBytes('abc'), OF_ABC);
  });

  it('take text as UTF-8', () => {
    assert.equal(digestOfBytes('ü'), digestOfBytes(new Uint8Array([0xc3, 0xbc])));
  });

  it('come out the same piece by piece', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (pieces) => {
        const digest = startDigest();
        for (const piece of pieces) digest.update(piece);
        assert.equal(digest.end(), digestOfBytes(Buffer.concat(pieces)));
      }),
    );
  });

  it('of data do not depend on the order of fields', () => {
    assert.equal(digestOfData({ a: 1, b: [2] }), digestOfData({ b: [2], a: 1 }));
    assert.notEqual(digestOfData({ a: [1, 2] }), digestOfData({ a: [2, 1] }));
  });

  it('are read with and without the name of the algorithm', () => {
    assert.equal(parseDigest(OF_ABC), OF_ABC);
    assert.equal(parseDigest(`sha256:${OF_ABC}`), OF_ABC);
  });

  it('are not read from anything else', () => {
    const others = ['', OF_ABC.toUpperCase(), OF_ABC.slice(1), `${OF_ABC}0`, `md5:${OF_ABC}`, `${OF_ABC}\n`];
    for (const text of others) assert.equal(parseDigest(text), undefined, text);
  });
});
