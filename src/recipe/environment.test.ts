import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { DEFAULT_SOURCE_DATE_EPOCH, environmentOf } from './environment.ts';
import { X86_64 } from './target.ts';
import type { Build, SandboxKind, Stage } from './types.ts';

type Env = Build['env'];

describe('the environment', () => {
  it('of a cross-toolchain build is that of LFS chapter 4', (t) => golden(t, 'toolchain', 'cross'));
  it('of a cross-compiled temporary build', (t) => golden(t, 'temporary', 'cross'));
  it('of a temporary build in chroot is that of LFS chapter 7', (t) => golden(t, 'temporary', 'chroot'));
  it('of a final build has the hardened flags', (t) => golden(t, 'final', 'chroot'));
  it('of a system build', (t) => golden(t, 'system', 'chroot'));

  it('can be changed by the recipe, which may also take a variable out', () => {
    const before = environment('final', 'chroot');
    const after = environment('final', 'chroot', { CFLAGS: null, LEX: 'flex', HOME: '/build' });
    assert.ok('CFLAGS' in before && !('CFLAGS' in after));
    assert.equal(after['LEX'], 'flex');
    assert.equal(after['HOME'], '/build');
  });

  it('carries the time of every file', () => {
    const text = environmentOf('final', { sandbox: 'chroot', env: {} }, X86_64, 7)['SOURCE_DATE_EPOCH'];
    assert.equal(text, '7');
    assert.equal(new Date(DEFAULT_SOURCE_DATE_EPOCH * 1000).toISOString(), '2025-01-01T00:00:00.000Z');
  });
});

function environment(stage: Stage, sandbox: SandboxKind, env: Env = {}): Record<string, string> {
  return environmentOf(stage, { sandbox, env }, X86_64, DEFAULT_SOURCE_DATE_EPOCH);
}

function golden(t: TestContext, stage: Stage, sandbox: SandboxKind): void {
  const lines = Object.entries(environment(stage, sandbox)).map(([name, value]) => `${name}=${value}\n`);
  const path = `${import.meta.dirname}/golden/environment-${stage}-${sandbox}.txt`;
  t.assert.fileSnapshot(lines.sort().join(''), path, { serializers: [(text: string) => text] });
}
