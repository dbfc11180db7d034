import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unwrap } from '#base';
import { script, X86_64 } from '#recipe';
import { closureOf, sysrootOf } from './closure.ts';
import { makeGraph } from './graph.ts';
import { byName, kindOf, RECIPES, recipe } from './testing.ts';

const graph = unwrap(makeGraph(RECIPES, X86_64));

describe('the graph', () => {
  it('gives every build the sysroot of its stage, in stacking order', (t) => {
    const lines = graph.order.map(
      (name) =>
        `${name}\n${sysrootOf(graph, name)
          .map((need) => `  ${need}\n`)
          .join('')}`,
    );
    t.assert.fileSnapshot(lines.join(''), `${import.meta.dirname}/golden/sysroots.txt`, {
      serializers: [(text: string) => text],
    });
  });

  it('puts needs before what needs them', () => {
    for (const [name, needs] of graph.edges) {
      for (const need of needs) {
        assert.ok(graph.order.indexOf(need) < graph.order.indexOf(name), `${need} before ${name}`);
      }
    }
    assert.equal(graph.order.length, graph.builds.size);
  });

  it('is the same whatever order the recipes were read in', () => {
    const reversed = byName([...RECIPES.values()].reverse());
    assert.deepEqual(unwrap(makeGraph(reversed, X86_64)).order, graph.order);
  });

  it('shows no tool of the build machine to a build in chroot', () => {
    for (const [name, { build }] of graph.builds) {
      if (build.sandbox !== 'chroot') continue;
      const tools = sysrootOf(graph, name).filter(
        (need) => graph.builds.get(need)?.build.runsOn === 'build-machine',
      );
      assert.deepEqual(tools, [], name);
    }
  });

  it('keeps a build with no base out of the sysroots of others', () => {
    for (const name of graph.order) assert.ok(!sysrootOf(graph, name).includes('toolchain/sanity'), name);
  });
});

describe('the closure', () => {
  it('has what is needed, directly or not, without the builds themselves', () => {
    assert.deepEqual(closureOf(graph, ['toolchain/glibc']), [
      'prepare/layout',
      'toolchain/binutils',
      'toolchain/gcc',
    ]);
    assert.deepEqual(closureOf(graph, ['prepare/layout']), []);
  });

  it('has a named build when another named one needs it', () => {
    const names = closureOf(graph, ['toolchain/gcc', 'toolchain/binutils']);
    assert.deepEqual(names, ['prepare/layout', 'toolchain/binutils']);
  });

  it('of an unknown build is empty', () => {
    assert.deepEqual(sysrootOf(graph, 'final/nothing'), []);
  });
});

describe('needs that cannot be', () => {
  it('an unknown one: names the recipe, and what is near', () => {
    const result = makeGraph(
      byName([recipe('a', { final: script({ needs: ['b'] }) }), recipe('b', { system: script({}) })]),
      X86_64,
    );
    assert.ok(!result.ok);
    assert.equal(result.problem.kind, 'unknown-need');
    assert.equal(result.problem.subject, 'final/a');
    assert.equal(result.problem.place, 'recipes/a/recipe.ts');
    assert.equal(result.problem.hint, 'Did you mean system/b?');
  });

  it('an unknown one with nothing near: says what to write', () => {
    const result = makeGraph(byName([recipe('a', { final: script({ needs: ['temporary/b'] }) })]), X86_64);
    assert.ok(!result.ok);
    assert.match(result.problem.hint ?? '', /recipes\/b\/recipe\.ts/);
  });

  it('one of a later stage', () => {
    const late = [
      recipe('a', { temporary: script({ needs: ['final/b'] }) }),
      recipe('b', { final: script({}) }),
    ];
    const result = makeGraph(byName(late), X86_64);
    assert.equal(kindOf(result), 'unknown-need');
    assert.match(result.ok ? '' : result.problem.message, /later stage/);
  });

  it('a circle: names every build on it, and no other', () => {
    const round = [
      recipe('a', { final: script({ needs: ['b'] }) }),
      recipe('b', { final: script({ needs: ['c'] }) }),
      recipe('c', { final: script({ needs: ['d'] }) }),
      recipe('d', { final: script({ needs: ['b'] }) }),
    ];
    const result = makeGraph(byName(round), X86_64);
    assert.equal(kindOf(result), 'needs-in-a-circle');
    assert.match(result.ok ? '' : result.problem.message, /: final\/b → final\/c → final\/d → final\/b$/);
  });

  it('itself', () => {
    const result = makeGraph(byName([recipe('a', { final: script({ needs: ['a'] }) })]), X86_64);
    assert.match(result.ok ? '' : result.problem.message, /final\/a → final\/a$/);
  });
});
