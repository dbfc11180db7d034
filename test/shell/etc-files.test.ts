import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { X86_64 } from '#recipe';
import etc from '../../recipes/etc/recipe.ts';

const read = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../recipes/etc/files/etc', name), 'utf8');
const names = (name: string) =>
  read(name)
    .trim()
    .split('\n')
    .map((line) => line.split(':')[0]);

test('no account has a password, or none at all where one is asked for', () => {
  for (const line of read('shadow').trim().split('\n')) assert.match(line, /^[a-z]+:[!*]:/);
});

test('passwd and shadow speak of the same accounts, group and gshadow of the same groups', () => {
  assert.deepEqual(names('shadow'), names('passwd'));
  assert.deepEqual(names('gshadow'), names('group'));
});

test('what holds hashes can be read by root alone', () => {
  const build = etc.builds.system?.({ stage: 'system', target: X86_64 });
  assert.equal(build?.exceptions['/etc/shadow']?.mode, '0600');
  assert.equal(build?.exceptions['/etc/gshadow']?.mode, '0600');
});

test('the way down comes before the logins, and ends them itself', () => {
  const entries = read('inittab')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
  const logins = entries.filter(([, , action]) => action === 'respawn');
  assert.equal(logins.length, 2);
  // init kills what is not of the level that it enters, and while it waits it starts nothing of what stands below.
  for (const [id, levels = ''] of logins) assert.ok(/0.*6/.test(levels), `${id}: ${levels}`);
  const places = entries.map(([, levels = '', action]) => (action === 'wait' ? levels : action));
  assert.ok(Math.max(places.indexOf('0'), places.indexOf('6')) < places.indexOf('respawn'), places.join());
  assert.ok(places.includes('0') && places.includes('6'));
});
