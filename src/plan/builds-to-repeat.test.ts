import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { unwrap } from '#base';
import { buildsToRepeat } from './builds-to-repeat.ts';
import type { Plan, PlannedBuild } from './plan.ts';

const builds = (['toolchain/gcc', 'final/gcc-libs', 'final/grep'] as const).map((name) => {
  const stage = name.startsWith('final') ? 'final' : 'toolchain';
  return [name, { name, stage } as PlannedBuild] as const;
});
const plan: Plan = { builds: new Map(builds), goals: ['final/grep'] };

describe('what --rebuild means', () => {
  test('builds by name, stages by name and number', () => {
    assert.deepEqual([...unwrap(buildsToRepeat(plan, ['final/grep']))], ['final/grep']);
    assert.deepEqual([...unwrap(buildsToRepeat(plan, ['final']))], ['final/gcc-libs', 'final/grep']);
    assert.deepEqual([...unwrap(buildsToRepeat(plan, ['2', 'final/grep']))], ['toolchain/gcc', 'final/grep']);
    assert.deepEqual([...unwrap(buildsToRepeat(plan, ['image']))], []);
  });

  test('nothing that the plan does not hold', () => {
    for (const [target, hint] of [
      ['final/gcc', /Did you mean toolchain\/gcc\?/],
      ['final/gerp', /Name a build of the plan/],
      ['system', /Name a build of the plan/],
    ] as const) {
      const named = buildsToRepeat(plan, [target]);
      assert.equal(named.ok ? '' : named.problem.kind, 'unknown-target');
      assert.match(named.ok ? '' : (named.problem.hint ?? ''), hint);
    }
  });
});
