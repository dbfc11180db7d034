import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BOOT_FILES, runShell, temporaryFolder } from './shell.ts';

const folder = temporaryFolder();

/** Applies settings that touch accounts alone, with fake programs; gives what they were told, and the reports. */
function applySettings(conf: string, chpasswd = 'echo "CHPASSWD $* $(cat)"'): string[] {
  const path = join(folder, 'blazeneuro.conf');
  writeFileSync(path, conf);
  const { stdout } = runShell(
    'bash',
    `report() { echo "REPORT $1"; }
     say_ok() { echo "OK $1"; }
     . ${BOOT_FILES}/first-boot/read-conf
     . ${BOOT_FILES}/first-boot/apply
     read_conf ${path}
     apply_settings || echo INCOMPLETE`,
    { tools: { chpasswd, useradd: 'echo "USERADD $*"' } },
  );
  return stdout.trim().split('\n');
}

test('hashes go to chpasswd by its input, and the user is made before its password is set', () => {
  assert.deepEqual(
    applySettings(
      'USER_PASSWORD_HASH=$6$salt$12345678\nUSER_NAME=zoe\nROOT_PASSWORD_HASH=$y$j9T$salt$12345678\n',
    ),
    [
      'CHPASSWD -e root:$y$j9T$salt$12345678',
      'OK blazeneuro.conf: ROOT_PASSWORD_HASH',
      'USERADD -m -s /bin/bash -G wheel,audio,video,input -K HOME_MODE=0700 zoe',
      'OK blazeneuro.conf: USER_NAME',
      'CHPASSWD -e zoe:$6$salt$12345678',
      'OK blazeneuro.conf: USER_PASSWORD_HASH',
    ],
  );
});

test("a user's name cannot reach an account of the system", () => {
  assert.deepEqual(applySettings('USER_NAME=root\nUSER_PASSWORD_HASH=$6$salt$12345678\n'), [
    'REPORT USER_NAME: root is an account of the system',
    'REPORT USER_PASSWORD_HASH: needs a USER_NAME',
  ]);
});

for (const hash of ['secret', '!', '$6$', '$6$salt$1234:5678', '$6$salt$1234 5678']) {
  test(`what is no hash is reported, without its value, and not set: ${hash}`, () => {
    const [report, ...rest] = applySettings(`ROOT_PASSWORD_HASH=${hash}\n`);
    assert.match(report ?? '', /^REPORT ROOT_PASSWORD_HASH: not a hash/);
    assert.deepEqual(rest, []);
    assert.ok(hash === '!' || hash === '$6$' || !report?.includes(hash));
  });
}

for (const line of [
  'HOSTNAME=a/b',
  'HOSTNAME=-a',
  'HOSTNAME=a b',
  'TIMEZONE=../../etc/shadow',
  'TIMEZONE=/etc',
  'USER_NAME=A:b',
]) {
  test(`a value that is not of its kind is reported: ${line}`, () => {
    const lines = applySettings(`${line}\n`);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', new RegExp(`^REPORT ${line.split('=')[0]}: `));
  });
}

test('a password that could not be written down leaves the settings incomplete, so that they are not wiped', () => {
  assert.deepEqual(applySettings('ROOT_PASSWORD_HASH=$6$salt$12345678\n', 'exit 1'), [
    'REPORT ROOT_PASSWORD_HASH: the password of root could not be set',
    'INCOMPLETE',
  ]);
});

const opened = 'echo "CHPASSWD $* $(cat)"';
for (const [hash, told, chpasswd] of [
  ['!', ['REPORT SSH_KEY: the account root stays locked'], 'exit 1'],
  ['!', ['CHPASSWD -e root:*'], opened],
  ['*', [], opened],
  ['$6$salt$12345678', [], opened],
] as const) {
  test(`a key opens an account whose hash is ${hash}, or it is said: ${told}`, () => {
    const home = temporaryFolder();
    const text = `report() { echo "REPORT $1"; }
. ${BOOT_FILES}/first-boot/read-conf
. ${BOOT_FILES}/first-boot/apply
keys=() values=() user=''
SSHD=/bin/sh apply_ssh_key 'ssh-ed25519 AAAA anna'`;
    const tools = {
      chpasswd,
      install: ':',
      getent: `case $1 in shadow) echo 'root:${hash}:1::::::' ;; *) echo "root:x:0:0::${home}:/bin/bash" ;; esac`,
    };
    const said = runShell('bash', text, { tools }).stdout;
    assert.deepEqual(said.split('\n').filter(Boolean), told);
  });
}
