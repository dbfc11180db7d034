import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runShell, temporaryFolder } from './shell.ts';

const SERVICE = join(import.meta.dirname, '../../recipes/lock-modules/files/lock-modules');

/** Says a word to the service, over a file that stands for the kernel's. */
function say(word: string, lock: string) {
  return runShell('dash', `MODULES_LOCK=${lock} dash ${SERVICE} ${word}`);
}

test('from its start on no module is loaded, and a stop does not pretend otherwise', () => {
  const lock = join(temporaryFolder(), 'modules_disabled');
  writeFileSync(lock, '0\n');
  assert.deepEqual(say('status', lock), { stdout: 'modules may be loaded\n', stderr: '', status: 3 });
  assert.equal(say('start', lock).status, 0);
  assert.equal(readFileSync(lock, 'utf8'), '1\n');
  assert.equal(say('stop', lock).status, 0);
  assert.deepEqual(say('status', lock), { stdout: 'modules are locked\n', stderr: '', status: 0 });
});

test('a kernel without modules has nothing to lock', () => {
  const lock = join(temporaryFolder(), 'modules_disabled');
  assert.equal(say('start', lock).status, 0);
  assert.deepEqual(say('status', lock), { stdout: 'the kernel has no modules\n', stderr: '', status: 0 });
});

test('another word is an error', () => {
  assert.equal(say('reload', '/dev/null').status, 2);
});
