import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BOOT_FILES, runShell, temporaryFolder } from './shell.ts';

/** Runs the question with these lines typed. chpasswd writes what it was told, and sets root's hash. */
function ask(typed: string, shadowText = 'root:!:1::::::\n', chpasswd = 'cat') {
  const folder = temporaryFolder();
  const shadow = join(folder, 'shadow');
  writeFileSync(shadow, shadowText);
  return runShell(
    'bash',
    `export SHADOW=${shadow} LOCK=${folder}/lock PASSWORDS=${BOOT_FILES}/passwords
     exec bash ${BOOT_FILES}/libexec/first-password`,
    {
      input: typed,
      tools: {
        chpasswd: `echo "CHPASSWD args=$# $(${chpasswd})"`,
        login: 'echo LOGIN',
        stty: ':',
        sync: ':',
      },
    },
  );
}

test('the questions are asked word for word, the password goes in by chpasswd, and login follows', () => {
  const { stdout } = ask('one two\none two\n');
  assert.equal(
    stdout,
    'Choose a password for root\nNew password: \nRetype new password: \n' +
      'CHPASSWD args=0 root:one two\nThe password is set.\nLOGIN\n',
  );
});

test('an empty password, and two that differ, are asked for again', () => {
  const { stdout } = ask('\na\nb\nc\nc\n');
  assert.equal(stdout.split('New password: ').length - 1, 3);
  assert.match(stdout, /An empty password is no password\.\n.*The two are not the same\.\n/s);
  assert.match(stdout, /root:c\n/);
});

test('where another console was quicker, nothing is set', () => {
  const { stdout } = ask('a\na\n', 'root:$6$salt$hash:1::::::\n');
  assert.doesNotMatch(stdout, /CHPASSWD/);
  assert.match(stdout, /A password has been set on another console\.\n$/);
});

test('a line that is hung up ends it', () => {
  const { stdout, status } = ask('half');
  assert.equal(status, 1);
  assert.doesNotMatch(stdout, /CHPASSWD|LOGIN/);
});
