import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

/** Plain data as JSON knows it; there is no -0 in JSON. */
const plainData = fc.jsonValue({ maxDepth: 4 }).map((data) => JSON.parse(JSON.stringify(data)) as unknown);

describe('canonical JSON', () => {
  it('sorts fields by code unit and has no white space', () => {
    const data = { b: [1, { z: null, a: true }], é: 'x', a: 'y', B: -0, '10': 1, '9': 2 };
    assert.equal(canonicalJson(data), '{"10":1,"9":2,"B":0,"a":"y","b":[1,{"a":true,"z":null}],"é":"x"}');
  });

  it('leaves absent fields out', () => {
    assert.equal(canonicalJson({ a: undefined, b: 1 }), '{"b":1}');
  });

  it('is JSON: reading it gives the same data back', () => {
    fc.assert(fc.property(plainData, (data) => assert.deepEqual(JSON.parse(canonicalJson(data)), data)));
  });

  it('does not depend on the order of fields', () => {
    fc.assert(
      fc.property(plainData, (data) => assert.equal(canonicalJson(reversed(data)), canonicalJson(data))),
    );
  });

  it('differs for different data', () => {
    fc.assert(
      fc.property(plainData, plainData, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        const equal = canonicalJson(one) === canonicalJson(other);
        if (equal) assert.deepEqual(one, other);
      }),
    );
  });

  it('refuses what JSON cannot say, however deep', () => {
    const holes: unknown[] = [];
    holes.length = 2;
    const unsayable = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      undefined,
      () => 1,
      Symbol('s'),
      1n,
      new Map([['a', 1]]),
      new Set([1]),
      new Date(0),
      new Uint8Array([1]),
      holes,
      [undefined],
    ];
    for (const value of unsayable) {
      assert.throws(() => canonicalJson(value), TypeError, String(typeof value));
      assert.throws(() => canonicalJson({ deep: [{ value: [value] }] }), TypeError);
    }
  });
});

function reversed(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(reversed);
  if (typeof data !== 'object' || data === null) return data;
  const fields = Object.entries(data).map(([name, value]) => [name, reversed(value)] as const);
  return Object.fromEntries(fields.reverse());
}
