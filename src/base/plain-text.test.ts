import assert from 'node:assert/strict';
import { it } from 'node:test';
import { plainText } from './plain-text.ts';

it('plain text cannot command a terminal', () => {
  assert.equal(
    plainText('a\u001b]0;title\u0007\tb\r\nc\u009b2J'),
    'a\\x1b]0;title\\x07\tb\\x0d\\x0ac\\x9b2J',
  );
  assert.equal(plainText('wie früher — ohne Weiteres'), 'wie früher — ohne Weiteres');
});
