import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { defineRecipe } from './define-recipe.ts';
import { sh } from './sh.ts';
import { autotools, crossTool, meson, script } from './styles.ts';
import { X86_64 } from './target.ts';
import { type Build, PHASES, type Stage, type Style } from './types.ts';
import { disable, enable, without } from './words.ts';

const at = (stage: Stage) => ({ stage, target: X86_64 });

describe('styles make the phases of a stage', () => {
  it('autotools, cross-compiled', (t) => golden(t, 'autotools-temporary', autotools(), 'temporary'));

  it('autotools, native', (t) => golden(t, 'autotools-final', autotools(), 'final'));

  it('autotools, of chapter 7', (t) =>
    golden(t, 'autotools-chroot', autotools({ sandbox: 'chroot' }), 'temporary'));

  it('autotools, with every option', (t) => {
    const style = autotools({
      needs: ['glibc'],
      buildDir: 'build',
      configure: ['--sysconfdir=/etc', ...disable('static'), ...enable('shared'), ...without('x')],
      make: ['V=1'],
      makeInstall: ['install-strip', 'man1dir=/usr/share/man'],
      env: { CFLAGS: null, LEX: 'flex' },
      exceptions: { '/usr/bin/su': { mode: '4755' } },
      replaces: ['final/util-linux'],
      fromProfile: ['hostname'],
      prepare: sh`sed -i 's/a/b/' configure`,
      check: sh`make check`,
      adjust: sh`rm $OUT/usr/bin/x`,
    });
    golden(t, 'autotools-options', style, 'final');
  });

  it('cross tools, which must not get --host', (t) => {
    golden(t, 'cross-tool', crossTool({ buildDir: 'build', configure: ['--with-newlib'] }), 'toolchain');
  });

  it('meson', (t) => golden(t, 'meson', meson({ configure: ['-Dtests=false'] }), 'final'));

  it('script', (t) => {
    golden(t, 'script', script({ build: sh`make`, install: sh`cp x $OUT/`, base: 'none' }), 'system');
  });
});

describe('a style', () => {
  it('chooses the sandbox by the stage, unless it is told', () => {
    const kinds = (['prepare', 'toolchain', 'temporary', 'final', 'system'] as const).map(
      (stage) => script({})(at(stage)).sandbox,
    );
    assert.deepEqual(kinds, ['cross', 'cross', 'cross', 'chroot', 'chroot']);
    assert.equal(script({ sandbox: 'chroot' })(at('temporary')).sandbox, 'chroot');
  });

  it('has no phase where there is nothing to do', () => {
    assert.deepEqual(script({})(at('final')).phases, {});
  });

  it('lists phases in the order in which they run', () => {
    const style = autotools({ adjust: sh`true`, check: sh`true`, prepare: sh`true` });
    assert.deepEqual(Object.keys(style(at('final')).phases), [...PHASES]);
  });

  it('gives equal data each time', () => {
    const style = crossTool({ needs: ['binutils'], buildDir: 'build' });
    assert.deepEqual(style(at('toolchain')), style(at('toolchain')));
  });
});

it('a recipe takes the pin of its own name, unless it says otherwise', () => {
  const recipe = { name: 'grep', license: 'GPL-3.0-or-later', builds: {} };
  assert.deepEqual(defineRecipe(recipe).sources, { '.': 'grep' });
  assert.deepEqual(defineRecipe({ ...recipe, sources: {} }).sources, {});
});

function golden(t: TestContext, name: string, style: Style, stage: Stage): void {
  t.assert.fileSnapshot(describeBuild(style(at(stage))), `${import.meta.dirname}/golden/${name}.txt`, {
    serializers: [(text: string) => text],
  });
}

/** Facts one a line, then each phase under its name. */
function describeBuild({ phases, ...facts }: Build): string {
  const lines = Object.entries(facts).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  const texts = Object.entries(phases).map(([name, text]) => `\n==> ${name}\n${text}\n`);
  return [...lines, ...texts].join('');
}
