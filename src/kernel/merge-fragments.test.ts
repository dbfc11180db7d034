import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '#base';
import { formatRequests, mergeFragments } from './merge-fragments.ts';

test('a later fragment decides about an option that an earlier one set', () => {
  const merged = mergeFragments([
    { file: 'one.config', text: 'CONFIG_B=y\nCONFIG_A=y\n' },
    { file: 'two.config', text: '# CONFIG_B is not set\nCONFIG_C=5\n' },
  ]);
  assert.equal(formatRequests(unwrap(merged)), 'CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=5\n');
  assert.equal(unwrap(merged)[1]?.place, 'two.config:1');
});

test('the same requests give the same text, in whatever order the lines stand', () => {
  const one = mergeFragments([{ file: 'f', text: 'CONFIG_A=y\nCONFIG_B=y\n' }]);
  const other = mergeFragments([{ file: 'f', text: '# Words.\nCONFIG_B=y\n\nCONFIG_A=y\n' }]);
  assert.equal(formatRequests(unwrap(one)), formatRequests(unwrap(other)));
});

test('a bad line in any fragment is the result', () => {
  const merged = mergeFragments([
    { file: 'one.config', text: 'CONFIG_A=y\n' },
    { file: 'two.config', text: 'nonsense\n' },
  ]);
  assert.equal(merged.ok, false);
  assert.equal(merged.problem.place, 'two.config:1');
});
