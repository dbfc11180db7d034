/** Negative controls: each check of the tidy test finds what is planted, and leaves alone what is right. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { autotools, defineRecipe } from '#recipe';
import { blankOut } from './tidy/blank-out.ts';
import { checkRecipe, checkRecipeText } from './tidy/recipes.ts';
import { checkLanguage, checkNames, checkSizes } from './tidy/shape.ts';
import type { Fault } from './tidy/source-file.ts';
import { checkDoors, checkEffects, checkImports } from './tidy/walls.ts';
import { checkWords } from './tidy/words.ts';

describe('walls', () => {
  const planted: readonly (readonly [name: string, path: string, text: string])[] = [
    ['an import past a door', 'src/plan/a.ts', `import { openStore } from '../store/local-store.ts';`],
    ['an import upward', 'src/store/a.ts', `import { schedule } from '#schedule';`],
    ['a type upward', 'src/store/a.ts', `import type { Reporter } from '#report';`],
    ['a type inside a type', 'src/store/a.ts', `type R = import('#report').Reporter;`],
    ['a dynamic import upward', 'src/store/a.ts', `const { cli } = await import('#cli');`],
    ['an import over several lines', 'src/plan/a.ts', `import {\n  a,\n  b,\n} from '#store';`],
    ['an export from above', 'src/base/a.ts', `export { run } from '#process';`],
    ['an import within a layer', 'src/event/a.ts', `import { sh } from '#recipe';`],
    ['the own door', 'src/store/a.ts', `import { openStore } from '#store';`],
    ['disk in a pure folder', 'src/plan/a.ts', `import { readFile } from 'node:fs/promises';`],
    ['the network', 'src/build/a.ts', `import { request } from 'undici';`],
  ];
  for (const [name, path, text] of planted) {
    test(`finds ${name}`, () => assert.equal(checkImports({ path, text }).length, 1));
  }

  test('leaves alone what is right', () => {
    const text = `
      // import { a } from '#cli';
      import type { Problem } from '#base';
      import { type Recipe, sh } from '#recipe';
      import { key } from './key.ts';
      const example = \`import { x } from '#cli'; \${sh}\`;
    `;
    assert.deepEqual(checkImports({ path: 'src/plan/a.ts', text }), []);
  });

  test('finds printing, the clock and the environment where they are not for', () => {
    const count = (path: string, text: string) => checkEffects({ path, text }).length;
    assert.equal(count('src/store/a.ts', `console.log('x');`), 1);
    assert.equal(count('src/store/a.ts', `process.stderr.write('x');`), 1);
    assert.equal(count('src/plan/a.ts', 'const now = Date.now();'), 1);
    assert.equal(count('src/recipe/a.ts', 'const home = process.env.HOME;'), 1);
    assert.equal(count('src/build/a.ts', `await fetch('x');`), 1);
    assert.equal(count('src/report/a.ts', `console.log('x');`), 0);
    assert.equal(count('src/store/a.ts', `// console.log('x')\nconst text = 'console.log';`), 0);
  });

  test('finds a folder without a door, and one that does not say what it is', () => {
    assert.deepEqual(messages(checkDoors([{ path: 'src/store/a.ts', text: '' }])), [
      'the folder has no door',
    ]);
    const silent = { path: 'src/store/index.ts', text: `export * from './a.ts';` };
    assert.deepEqual(messages(checkDoors([silent])), ['does not open with purpose and invariant']);
    assert.equal(checkDoors([{ path: 'src/attic/index.ts', text: '' }]).length, 1);
  });
});

describe('shape', () => {
  test('finds a long file and a long function', () => {
    const body = '  step();\n'.repeat(80);
    const text = `export function long(options: {\n  a: string;\n}): void {\n${body}}\n`;
    assert.deepEqual(messages(checkSizes({ path: 'src/a.ts', text })), ['a function of 84 lines']);
    assert.deepEqual(messages(checkSizes({ path: 'src/a.ts', text: 'a();\n'.repeat(401) })), [
      'has 401 lines',
    ]);
    assert.deepEqual(
      checkSizes({ path: 'src/a.ts', text: `function a() {\n  b();\n}\n${'b();\n'.repeat(99)}` }),
      [],
    );
  });

  test('finds names that say nothing', () => {
    const count = (text: string, path = 'src/a.ts') => checkNames({ path, text }).length;
    assert.equal(count('class StoreManager {}'), 1);
    assert.equal(count('type BuildInfo = {};'), 1);
    assert.equal(count('const helper = 1;'), 1);
    assert.equal(count('', 'src/store/utils.ts'), 1);
    assert.equal(count('', 'src/store/localStore.ts'), 1);
    assert.equal(count('// The manager of a helper.\nconst digestOfData = 1;', 'src/a.test.ts'), 0);
  });

  test('finds another word than that of the table, but not inside a word', () => {
    const count = (text: string) => checkNames({ path: 'src/a.ts', text }).length;
    assert.equal(count('const ebuild = 1;'), 1);
    assert.equal(count('const lastEbuilds = 1;'), 1);
    assert.equal(count('type Formula = {};'), 1);
    assert.equal(count('function ebuildOf() {}'), 1);
    assert.equal(count('const rebuild = 1;'), 0);
    assert.equal(count('function prebuildAll() {}'), 0);
    assert.equal(count('const formulate = 1;'), 0);
  });

  test('finds any and default exports', () => {
    const count = (text: string, path = 'src/a.ts') => checkLanguage({ path, text }).length;
    assert.equal(count('let x: any;'), 1);
    assert.equal(count('f(x as any);'), 1);
    assert.equal(count('const x: Record<string, any> = {};'), 1);
    assert.equal(count('export default 1;'), 1);
    assert.equal(count('export default 1;', 'recipes/a/recipe.ts'), 0);
    assert.equal(count(`const text = 'if any: any';`), 0);
  });
});

test('words: finds what is left undone, swallowed, or tied to a place', () => {
  const count = (text: string) => checkWords({ path: 'recipes/a/recipe.ts', text }).length;
  assert.equal(count(`// TO${'DO'}: later`), 1);
  assert.equal(count(`make ||${' '}true`), 1);
  assert.equal(count(`rm x 2>/dev/null ||${' '}:`), 1);
  assert.equal(count(`https://registry.${'npmjs'}.org/`), 1);
  assert.equal(count(`/wo${'rk'}/main/src`), 1);
  assert.equal(count('a || trueish; case $x in a | b) ;; esac'), 0);
});

describe('recipes', () => {
  const path = 'recipes/a/recipe.ts';
  const recipe = defineRecipe({ name: 'a', license: 'MIT', builds: { final: autotools() } });

  test('finds one without its page of LFS, one too long, and hidden messages', () => {
    assert.equal(checkRecipeText({ path, text: 'x' }, recipe).length, 1);
    assert.equal(
      checkRecipeText({ path, text: `// LFS chapter08/a.\n${'x\n'.repeat(60)}` }, recipe).length,
      1,
    );
    const hiding = { path, text: '// Not in LFS.\nmake 2>/dev/null' };
    assert.equal(checkRecipeText(hiding, recipe).length, 1);
    assert.equal(checkRecipeText({ path, text: '// Not in LFS.\nmake -C lib -j4' }, recipe).length, 1);
    assert.deepEqual(checkRecipeText({ path, text: '// LFS chapter08/a.\nx' }, recipe), []);
  });

  test('finds needs that are not sorted, or named twice, and a licence that SPDX does not know', () => {
    const withNeeds = (needs: readonly string[]) => ({ ...recipe, builds: { final: autotools({ needs }) } });
    assert.equal(checkRecipe({ path, text: '' }, withNeeds(['zlib', 'glibc'])).length, 1);
    assert.equal(checkRecipe({ path, text: '' }, withNeeds(['glibc', 'glibc'])).length, 1);
    assert.deepEqual(checkRecipe({ path, text: '' }, withNeeds(['glibc', 'zlib'])), []);
    for (const license of ['', 'GPLv3', 'GPL-3.0-or-later with exceptions']) {
      assert.equal(checkRecipe({ path, text: '' }, { ...recipe, license }).length, 1);
    }
  });
});

test('blanking keeps offsets, and knows strings, templates, patterns and comments apart', () => {
  const text = `a('//x', /'"\`/, \`t\${b('y')}u\`); // c '\nd();`;
  const code = blankOut(text, 'comments-and-texts');
  assert.equal(code.length, text.length);
  assert.equal(code.replace(/\s+/g, ' ').replace('$', ''), "a(' ', , ` {b(' ')} `); d();");
});

function messages(faults: readonly Fault[]): string[] {
  return faults.map(({ message }) => message);
}
