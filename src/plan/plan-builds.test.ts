import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unwrap } from '#base';
import { script } from '#recipe';
import { actionKey } from './action.ts';
import type { Plan } from './plan.ts';
import { parseStage, planBuilds } from './plan-builds.ts';
import { byName, inputsFor, PROFILE, RECIPES, recipe } from './testing.ts';

const plan = (...targets: readonly string[]): Plan =>
  unwrap(planBuilds(RECIPES, inputsFor(RECIPES), targets));

describe('the plan for', () => {
  it('one build: it and its closure, needs first', () => {
    const { builds, goals } = plan('toolchain/gcc');
    assert.deepEqual([...builds.keys()], ['prepare/layout', 'toolchain/binutils', 'toolchain/gcc']);
    assert.deepEqual(goals, ['toolchain/gcc']);
  });

  it('a stage, by name or number: what the image needs of it, and its gate', () => {
    assert.deepEqual(plan('toolchain').goals.toSorted(), [
      'toolchain/binutils',
      'toolchain/gcc',
      'toolchain/glibc',
      'toolchain/sanity',
    ]);
    assert.deepEqual(plan('2'), plan('toolchain'));
  });

  it('the image: what ships, the kernel, and a gate for every stage that has one', () => {
    assert.deepEqual(plan('image').goals, ['final/bash', 'system/linux', 'toolchain/sanity', 'final/sanity']);
  });

  it('several targets: each build once', () => {
    assert.deepEqual(plan('final/bash', '4', 'final/bash').goals.length, new Set(plan('4').goals).size);
  });

  it("a test profile leaves out image tools that are the host's", () => {
    const own = { ...PROFILE, image: { ...PROFILE.image, tools: 'own' as const } };
    const result = planBuilds(RECIPES, inputsFor(RECIPES, { profile: own }), ['image']);
    assert.ok(!result.ok && result.problem.subject === 'final/coreutils');
  });
});

describe('a planned build', () => {
  it('knows its sysroot and, for people, what its recipe names', () => {
    const bash = plan('final/bash').builds.get('final/bash');
    assert.deepEqual(bash?.declaredNeeds, ['final/glibc', 'final/ncurses']);
    assert.ok(bash?.needs.includes('temporary/perl'));
    assert.equal(bash?.needs.at(-1), 'final/ncurses');
  });

  it('has the same action in every plan that it is part of', () => {
    const alone = plan('toolchain/glibc').builds.get('toolchain/glibc');
    const inImage = plan('image').builds.get('toolchain/glibc');
    assert.ok(alone !== undefined && inImage !== undefined);
    assert.equal(actionKey(alone.action, []), actionKey(inImage.action, []));
    assert.deepEqual(alone.needs, inImage.needs);
  });
});

describe('a plan that cannot be', () => {
  it('an unknown target: with what is near', () => {
    const result = planBuilds(RECIPES, inputsFor(RECIPES), ['system/bash']);
    assert.ok(!result.ok);
    assert.equal(result.problem.kind, 'unknown-target');
    assert.equal(result.problem.hint, 'Did you mean temporary/bash, final/bash?');
  });

  it('an unknown target: with what a target is', () => {
    for (const target of ['nothing', '0', '6', '', 'FINAL', 'final/']) {
      const result = planBuilds(RECIPES, inputsFor(RECIPES), [target]);
      assert.ok(!result.ok && result.problem.kind === 'unknown-target', target);
      assert.match(result.problem.hint ?? '', /prepare, toolchain/);
    }
  });

  it('a profile that ships what nobody builds', () => {
    for (const changes of [
      { packages: ['final/nothing'] },
      { kernel: { ...PROFILE.kernel, build: 'final/nothing' } },
    ]) {
      const result = planBuilds(RECIPES, inputsFor(RECIPES, { profile: { ...PROFILE, ...changes } }), [
        'image',
      ]);
      assert.ok(!result.ok);
      assert.equal(result.problem.kind, 'bad-profile');
      assert.equal(result.problem.place, 'config/profiles/tiny.ts');
    }
  });

  it('a source without a pin: only when a build of the plan takes it', () => {
    const recipes = byName([...RECIPES.values(), recipe('zsh', { final: script({}) })]);
    const inputs = inputsFor(RECIPES);
    assert.ok(planBuilds(recipes, inputs, ['image']).ok);
    const result = planBuilds(recipes, inputs, ['final/zsh']);
    assert.ok(!result.ok && result.problem.kind === 'bad-recipe');
  });
});

it('a stage is known by its name and its number', () => {
  assert.deepEqual(['prepare', '1', '5', 'system', '', '01', 'stage'].map(parseStage), [
    'prepare',
    'prepare',
    'system',
    'system',
    undefined,
    undefined,
    undefined,
  ]);
});
