import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '#base';
import { copyleftRecipes, isCopyleft } from './copyleft.ts';

test('GNU, Mozilla, European and Eclipse licences ask for the source, permissive ones do not', () => {
  const asking = [
    'GPL-2.0-only',
    'GPL-3.0-or-later',
    'LGPL-2.1-or-later',
    'AGPL-3.0-only',
    'MPL-2.0',
    'EUPL-1.2',
    'EPL-2.0',
  ];
  assert.deepEqual(
    asking.filter((license) => !isCopyleft(license)),
    [],
  );
  const free = [
    'MIT',
    'BSD-3-Clause',
    'Zlib',
    'ISC',
    '0BSD',
    'Apache-2.0',
    'LicenseRef-Public-Domain',
    'GPLish-1.0',
  ];
  assert.deepEqual(free.filter(isCopyleft), []);
});

test('a part of an expression is enough, also one that may be chosen', async () => {
  const recipes = [
    { recipe: 'a', license: 'MIT' },
    { recipe: 'b', license: '0BSD AND GPL-2.0-or-later' },
    { recipe: 'c', license: 'BSD-3-Clause OR GPL-2.0-only' },
    { recipe: 'd', license: 'GPL-2.0-only WITH Linux-syscall-note' },
    { recipe: 'e', license: 'MIT' },
  ];
  assert.deepEqual([...unwrap(await copyleftRecipes(recipes))], ['b', 'c', 'd']);
});

test('what is no expression is a problem, not permissive', async () => {
  const read = await copyleftRecipes([{ recipe: 'odd', license: 'see COPYING' }]);
  assert.equal(read.ok ? undefined : read.problem.subject, 'odd');
});
