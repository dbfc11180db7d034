import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseLicenceTexts } from './licence-texts.ts';

const names = (...paths: string[]) =>
  chooseLicenceTexts(paths.map((path) => ({ path, sizeBytes: 10 }))).map(({ name }) => name);

test('licence texts are known by their names, at the top and one or two folders down', () => {
  assert.deepEqual(
    names(
      'grep-3.11/COPYING',
      'grep-3.11/README',
      'grep-3.11/src/main.c',
      './x-1/LICENSE-MIT',
      'x-1/Licence.txt',
      'x-1/Copyright',
      'x-1/lib/COPYING.LIB',
      'x-1/a/b/c/COPYING',
      'LICENSE',
    ).sort(),
    ['COPYING', 'Copyright', 'LICENSE', 'LICENSE-MIT', 'Licence.txt', 'lib--COPYING.LIB'],
  );
});

test('folders of texts count, programs that are called so do not', () => {
  assert.deepEqual(
    names('linux-6/LICENSES/preferred/GPL-2.0', 'linux-6/lib/license.c', 'linux-6/copyright.py'),
    ['LICENSES--preferred--GPL-2.0'],
  );
});

test('a name that leads elsewhere, or that could be two, is left alone', () => {
  assert.deepEqual(names('x/../COPYING', '/COPYING', 'x/a--b/COPYING', 'x/a b/COPYING', 'x/COPYING\\n'), []);
  assert.deepEqual(names('x/COPYING', 'x/COPYING'), []);
});

test('empty and huge files are none, and there are not too many', () => {
  assert.deepEqual(
    chooseLicenceTexts([
      { path: 'x/COPYING', sizeBytes: 0 },
      { path: 'x/LICENSE', sizeBytes: 2 ** 21 },
    ]),
    [],
  );
  assert.equal(names(...Array.from({ length: 500 }, (_, at) => `x/LICENSES/t${at}`)).length, 100);
});
