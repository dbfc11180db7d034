import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOfBytes } from '#base';
import type { Action } from '#plan';
import { X86_64 } from '#recipe';
import { diffLines } from './line-diff.ts';
import { compareActions, inputsOf } from './why-changes.ts';

const ACTION: Action = {
  format: 1,
  build: 'final/grep',
  version: '3.11',
  target: X86_64,
  sandbox: 'cross',
  hostTools: { gcc: '12.2' },
  sources: [{ folder: '.', digest: digestOfBytes('3.11'), archive: 'grep-3.11.tar.xz', patches: [] }],
  files: { 'patches/a.patch': digestOfBytes('a') },
  env: { CFLAGS: '-O2' },
  phases: [
    { name: 'configure', script: './configure' },
    { name: 'build', script: 'make' },
  ],
  exceptions: { '/usr/bin/su': { mode: '4755' } },
};

const CHANGES: Readonly<Record<string, Partial<Action>>> = {
  'source .': {
    sources: [{ folder: '.', digest: digestOfBytes('3.12'), archive: 'grep-3.12.tar.xz', patches: [] }],
  },
  'source doc': {
    sources: [
      ...ACTION.sources,
      { folder: 'doc', digest: digestOfBytes('doc'), archive: 'doc.tar', member: 'x', patches: ['p'] },
    ],
  },
  'file patches/a.patch': { files: { 'patches/a.patch': digestOfBytes('b') } },
  'environment CFLAGS': { env: { CFLAGS: '-O3' } },
  'environment LDFLAGS': { env: { CFLAGS: '-O2', LDFLAGS: '-s' } },
  'phase build': {
    phases: [
      { name: 'configure', script: './configure' },
      { name: 'build', script: 'make all' },
    ],
  },
  'order of phases': { phases: ACTION.phases.toReversed() },
  'owner and mode of /usr/bin/su': { exceptions: { '/usr/bin/su': { mode: '4711' } } },
  'host tool gcc': { hostTools: { gcc: '14.1' } },
  'target triplet': { target: { ...X86_64, triplet: 'x86_64-other-linux-gnu' } },
  version: { version: '3.12' },
  sandbox: { sandbox: 'chroot' },
};

describe('what changed in an action', () => {
  it('is nothing between equal ones', () => {
    assert.deepEqual(compareActions(ACTION, structuredClone(ACTION)), []);
  });

  for (const [what, change] of Object.entries(CHANGES)) {
    it(`is told by its name: ${what}`, () => {
      const changes = compareActions(ACTION, { ...ACTION, ...change });
      assert.deepEqual(
        changes.map((one) => one.what),
        [what],
      );
      assert.notEqual(changes[0]?.before, changes[0]?.now);
    });
  }

  it('has what was before, what is now, and null where there is none', () => {
    const env = { MANPATH: '/x' };
    assert.deepEqual(compareActions(ACTION, { ...ACTION, env }), [
      { path: 'action.env.MANPATH', what: 'environment MANPATH', before: null, now: '/x' },
      { path: 'action.env.CFLAGS', what: 'environment CFLAGS', before: '-O2', now: null },
    ]);
  });

  it('is found in fields that only a later program knows', () => {
    const later = { ...ACTION, limits: { memory: 1 } } as Action;
    assert.deepEqual(
      compareActions(ACTION, later).map(({ what, now }) => [what, now]),
      [['limits', '{"memory":1}']],
    );
  });

  it('leaves out no field of an action', () => {
    for (const field of Object.keys(ACTION)) {
      const paths = [...inputsOf(ACTION).keys()];
      assert.ok(
        paths.some((path) => path === `action.${field}` || path.startsWith(`action.${field}.`)),
        field,
      );
    }
  });
});

describe('the lines that differ', () => {
  const diff = (before: string, now: string) =>
    diffLines(before, now).map(({ sign, line }) => `${sign}${line}`);

  it('are the fewest that make one text out of the other', () => {
    assert.deepEqual(diff('a\nb\nc\nd', 'a\nc\nx\nd'), ['-b', '+x']);
    assert.deepEqual(diff('a', 'a'), []);
    assert.deepEqual(diff('', 'a\nb'), ['-', '+a', '+b']);
    assert.deepEqual(diff('a\nb', 'b\na'), ['-a', '+a']);
  });
});
