import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { digestOfBytes } from '#base';
import { X86_64 } from '#recipe';
import { type Action, actionKey } from './action.ts';

const ACTION: Action = {
  format: 1,
  build: 'final/grep',
  version: '3.12',
  target: X86_64,
  sandbox: 'chroot',
  hostTools: null,
  sources: [
    {
      folder: '.',
      digest: digestOfBytes('grep'),
      archive: 'grep-3.12.tar.xz',
      patches: ['/build/patches/a.patch'],
    },
  ],
  files: { 'patches/a.patch': digestOfBytes('a') },
  env: { LC_ALL: 'POSIX', CFLAGS: '-O2' },
  phases: [
    { name: 'configure', script: './configure' },
    { name: 'build', script: 'make' },
  ],
  exceptions: { '/usr/bin/x': { mode: '4755' } },
};
const NEEDS = [digestOfBytes('glibc'), digestOfBytes('bash')];
const KEY = actionKey(ACTION, NEEDS);

describe('the key of an action', () => {
  it('recipe key is stable', () => {
    // Another digest here means that every store out there builds everything anew: only ever on purpose.
    assert.equal(KEY, 'b45770b5a9d19700330cdc38b50c0db34b848e9d1a03131384afde98c18552ce');
    assert.equal(actionKey(ACTION, []), '6f6b33cc9e3caf71559add51a025a5e69b1cae497551df5bf9af493ee399e8cb');
  });

  it('does not depend on the order of fields', () => {
    fc.assert(
      fc.property(shuffled(ACTION), shuffled(ACTION.env), (action, env) => {
        assert.equal(actionKey({ ...action, env }, NEEDS), KEY);
      }),
    );
  });

  const changes: Readonly<Record<keyof Action, unknown>> = {
    format: 2,
    build: 'temporary/grep',
    version: '3.11',
    target: { ...X86_64, hardenedFlags: '-O3' },
    sandbox: 'cross',
    hostTools: { gcc: '12' },
    sources: [],
    files: {},
    env: { ...ACTION.env, CFLAGS: '-O3' },
    phases: [...ACTION.phases].reverse(),
    exceptions: {},
  };
  for (const [field, value] of Object.entries(changes)) {
    it(`changes with ${field}`, () => {
      assert.notEqual(actionKey({ ...ACTION, [field]: value } as Action, NEEDS), KEY);
    });
  }

  it('changes with every leaf, however deep', () => {
    const keys = new Set([KEY]);
    let leaves = 0;
    for (const changed of withEachLeafChanged(ACTION)) {
      leaves += 1;
      keys.add(actionKey(changed as Action, NEEDS));
    }
    assert.ok(leaves > 20);
    assert.equal(keys.size, leaves + 1);
  });

  it('changes with the artifacts of its needs, and with their order', () => {
    const [one, other] = NEEDS;
    assert.ok(one !== undefined && other !== undefined);
    const keys = [NEEDS, [other, one], [one], [one, other, one]].map((needs) => actionKey(ACTION, needs));
    assert.equal(new Set(keys).size, keys.length);
  });
});

/** The same fields in any order. */
function shuffled<T extends object>(data: T): fc.Arbitrary<T> {
  const fields = Object.entries(data);
  return fc
    .shuffledSubarray(fields, { minLength: fields.length, maxLength: fields.length })
    .map((some) => Object.fromEntries(some) as T);
}

/** Copies of plain data, each with one text or number that is another. */
function* withEachLeafChanged(data: unknown): Generator<unknown> {
  if (typeof data === 'string') yield `${data}!`;
  else if (typeof data === 'number') yield data + 1;
  else if (Array.isArray(data)) {
    for (const [at, part] of data.entries()) {
      for (const changed of withEachLeafChanged(part)) yield data.with(at, changed);
    }
  } else if (typeof data === 'object' && data !== null) {
    for (const [name, part] of Object.entries(data)) {
      for (const changed of withEachLeafChanged(part)) yield { ...data, [name]: changed };
    }
  }
}
