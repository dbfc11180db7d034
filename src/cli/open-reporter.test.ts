import assert from 'node:assert/strict';
import { it } from 'node:test';
import { showsUnicode } from './open-reporter.ts';

it('a terminal shows more than ASCII where its locale says so: the first that is set decides', () => {
  assert.equal(showsUnicode({ LANG: 'de_DE.UTF-8' }), true);
  assert.equal(showsUnicode({ LANG: 'C.utf8' }), true);
  assert.equal(showsUnicode({ LC_ALL: 'C', LANG: 'de_DE.UTF-8' }), false);
  assert.equal(showsUnicode({ LC_ALL: '', LC_CTYPE: 'en_US.UTF-8', LANG: 'C' }), true);
  assert.equal(showsUnicode({}), false);
});
