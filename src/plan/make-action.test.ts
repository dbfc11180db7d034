import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOfBytes, unwrap } from '#base';
import { autotools, PHASES, type Recipe, type Stage, script, sh, X86_64 } from '#recipe';
import { makeGraph } from './graph.ts';
import { type ActionInputs, type ActionWithContents, makeAction } from './make-action.ts';
import { byName, inputsFor, kindOf, recipe, sourceOf } from './testing.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const filesOf = (...paths: readonly string[]) => new Map(paths.map((path) => [path, bytes(path)]));

describe('an action', () => {
  it('has the phases in order, then the finish phase, and not the check', () => {
    const all = autotools({ prepare: sh`a`, check: sh`make check`, adjust: sh`b` });
    const { action } = make(recipe('grep', { final: all }), 'final');
    const names = action.phases.map(({ name }) => name);
    assert.deepEqual(names, [...PHASES.filter((phase) => phase !== 'check'), 'finish']);
    assert.ok(!JSON.stringify(action).includes('make check'));
  });

  it('has the same key with another check', () => {
    const one = make(recipe('grep', { final: autotools({ check: sh`make check` }) }), 'final');
    const other = make(recipe('grep', { final: autotools({}) }), 'final');
    assert.deepEqual(one.action, other.action);
  });

  it('carries the tools of the host in cross, and never in chroot', () => {
    const both = recipe('grep', { temporary: autotools(), final: autotools() });
    const hostTools = { gcc: '12' };
    assert.deepEqual(make(both, 'temporary', { hostTools }).action.hostTools, hostTools);
    assert.equal(make(both, 'final', { hostTools }).action.hostTools, null);
  });

  it('has the version of its main source, and 0 without one', () => {
    const sources = new Map([['grep', sourceOf('grep', { version: '3.12' })]]);
    assert.equal(make(recipe('grep', { final: script({}) }), 'final', { sources }).action.version, '3.12');
    assert.equal(make(recipe('etc', { system: script({}) }, {}), 'system').action.version, '0');
  });

  it('lists its sources by folder, with the member that is meant', () => {
    const gcc = recipe('gcc', { toolchain: script({}) }, { mpfr: 'mpfr', '.': 'gcc', gmp: 'gmp' });
    const sources = new Map(['gcc', 'gmp', 'mpfr'].map((pin) => [pin, sourceOf(pin)]));
    sources.set('gcc', sourceOf('gcc', { member: 'gcc-14.tar.xz' }));
    const { action, pins } = make(gcc, 'toolchain', { sources });
    const listed = action.sources.map(({ folder, archive, member }) => [folder, archive, member]);
    assert.deepEqual(listed, [
      ['.', 'gcc-1.0.tar.xz', 'gcc-14.tar.xz'],
      ['gmp', 'gmp-1.0.tar.xz', undefined],
      ['mpfr', 'mpfr-1.0.tar.xz', undefined],
    ]);
    assert.deepEqual(pins, ['gcc', 'gmp', 'mpfr']);
  });

  it('has the profile fields that the recipe asks for, as files, and no others', () => {
    const fields = ['kernel.config', 'hostname', 'timezone', 'services'] as const;
    const { action, contents } = make(
      recipe('etc', { system: script({ fromProfile: fields }) }, {}),
      'system',
    );
    const texts = Object.entries(action.files).map(([path, digest]) => [
      path,
      new TextDecoder().decode(contents.get(digest)),
    ]);
    assert.deepEqual(texts, [
      ['profile/kernel.config', 'CONFIG_EXT4_FS=y\n'],
      ['profile/hostname', 'made-up\n'],
      ['profile/timezone', 'UTC\n'],
      ['profile/services', 'sysctl\nlogin\n'],
    ]);
    assert.deepEqual(make(recipe('etc', { system: script({}) }, {}), 'system').action.files, {});
  });

  it('needs a pin for every source', () => {
    const result = tryToMake(recipe('grep', { final: script({}) }), 'final', { sources: new Map() });
    assert.equal(kindOf(result), 'bad-recipe');
    assert.match(result.ok ? '' : (result.problem.hint ?? ''), /blazeneuro pin grep/);
  });

  it('names no path of this machine', () => {
    const { action } = make(recipe('grep', { temporary: autotools() }), 'temporary', {
      recipeFiles: new Map([['grep', filesOf('files/x', 'patches/a.patch')]]),
    });
    assert.ok(!JSON.stringify(action).includes(process.cwd()));
  });
});

describe('the files and patches of an action', () => {
  const grep = recipe('grep', { final: script({}) });
  const own = filesOf(
    'files/etc/x',
    'patches/b.patch',
    'patches/a.patch',
    'patches/apt/c.patch',
    'patches/mirror/d.patch',
    'notes.md',
  );

  it("are the recipe's files, and the patches for the origin that was chosen", () => {
    const { action, contents } = make(grep, 'final', { recipeFiles: new Map([['grep', own]]) });
    assert.deepEqual(patchesOf(action.sources), [
      '/build/patches/a.patch',
      '/build/patches/b.patch',
      '/build/patches/mirror/d.patch',
    ]);
    const paths = ['files/etc/x', 'patches/a.patch', 'patches/b.patch', 'patches/mirror/d.patch'];
    assert.deepEqual(Object.keys(action.files), paths);
    for (const path of paths) {
      assert.equal(action.files[path], digestOfBytes(path));
      assert.ok(contents.has(digestOfBytes(path)));
    }
  });

  it('are others for another origin', () => {
    const sources = new Map([['grep', sourceOf('grep', { origin: 'apt' })]]);
    const { action } = make(grep, 'final', { recipeFiles: new Map([['grep', own]]), sources });
    assert.ok(patchesOf(action.sources).includes('/build/patches/apt/c.patch'));
    assert.ok(!JSON.stringify(action).includes('mirror'));
  });

  it('of a source lie with the recipe of its name, and come along with it', () => {
    // As gmp does in gcc: the fix-up belongs to the source, whoever takes it.
    const gcc = recipe('gcc', { final: script({}) }, { '.': 'gcc', gmp: 'gmp' });
    const recipeFiles = new Map([
      ['gcc', filesOf('patches/a.patch')],
      ['gmp', filesOf('patches/a.patch', 'patches/apt/b.patch', 'files/not-ours')],
    ]);
    const sources = new Map([
      ['gcc', sourceOf('gcc')],
      ['gmp', sourceOf('gmp', { origin: 'apt' })],
    ]);
    const { action } = make(gcc, 'final', { recipeFiles, sources });
    assert.deepEqual(
      action.sources.map(({ patches }) => patches),
      [['/build/patches/a.patch'], ['/build/patches/of-gmp/a.patch', '/build/patches/of-gmp/apt/b.patch']],
    );
    assert.deepEqual(Object.keys(action.files), [
      'patches/a.patch',
      'patches/of-gmp/a.patch',
      'patches/of-gmp/apt/b.patch',
    ]);
  });

  it('do not depend on the order in which the folder was read', () => {
    const reversed = new Map([...own].reverse());
    const one = make(grep, 'final', { recipeFiles: new Map([['grep', own]]) });
    const other = make(grep, 'final', { recipeFiles: new Map([['grep', reversed]]) });
    assert.deepEqual(one.action, other.action);
  });
});

function patchesOf(sources: ActionWithContents['action']['sources']): readonly string[] {
  return sources.flatMap(({ patches }) => patches);
}

function tryToMake(one: Recipe, stage: Stage, changes: Partial<ActionInputs> = {}) {
  const recipes = byName([one]);
  const build = unwrap(makeGraph(recipes, X86_64)).builds.get(`${stage}/${one.name}`);
  assert.ok(build !== undefined);
  return makeAction(build, inputsFor(recipes, changes));
}

function make(one: Recipe, stage: Stage, changes: Partial<ActionInputs> = {}): ActionWithContents {
  return unwrap(tryToMake(one, stage, changes));
}
