import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BOOT_FILES, INITRD_INIT, runShell, temporaryFolder } from './shell.ts';

const shellFiles = [
  INITRD_INIT,
  ...readdirSync(BOOT_FILES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.c') && entry.name !== 'mounts')
    .map((entry) => join(entry.parentPath, entry.name)),
];

for (const path of shellFiles) {
  const first = readFileSync(path, 'utf8').split('\n', 1)[0] ?? '';
  // rc, which dash runs, reads the scripts of the way up and down.
  const isReadByRc = /boot\/(?:start|stop)\//.test(path);
  const shell = isReadByRc || first.includes('dash') || first.endsWith('POSIX sh.') ? 'dash' : 'bash';
  test(`the shell reads it: ${path.slice(path.indexOf('recipes/'))}`, () => {
    const { status, stderr } = spawnSync(shell, ['-n', path], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
}

for (const [shadow, expected] of [
  ['root:!:1::::::\nbin:*:1::::::\n', 'no'],
  ['root::1::::::\n', 'no'],
  ['root:!!:1::::::\nbin:!*:1::::::\n', 'no'],
  // Locked, by somebody who has set it.
  ['root:!$6$a$b:1::::::\n', 'yes'],
  ['root:!:1::::::\nanna:$y$j9T$a$b:1::::::\n', 'yes'],
  ['root:$6$a$b:1::::::\n', 'yes'],
] as const) {
  test(`whether anybody has a password: ${JSON.stringify(shadow)}: ${expected}`, () => {
    const path = join(temporaryFolder(), 'shadow');
    writeFileSync(path, shadow);
    const text = `. ${BOOT_FILES}/passwords\nif has_password ${path}; then echo yes; else echo no; fi`;
    assert.equal(runShell('dash', text).stdout, `${expected}\n`);
  });
}

for (const [shadow, doas, expected] of [
  ['root:!:1::::::\nanna:$6$a$b:1::::::\n', '/nothing', 'yes'],
  ['root:!:1::::::\nanna:$6$a$b:1::::::\n', '/bin/sh', 'no'],
  ['root:$6$a$b:1::::::\nanna:!:1::::::\n', '/nothing', 'no'],
  ['root:!:1::::::\n', '/bin/sh', 'yes'],
] as const) {
  const others = doas === '/nothing' ? 'nobody else may act as root' : 'others may act as root';
  test(`whether root's password is asked for where ${others}: ${JSON.stringify(shadow)}: ${expected}`, () => {
    const path = join(temporaryFolder(), 'shadow');
    writeFileSync(path, shadow);
    const text = `. ${BOOT_FILES}/passwords\nDOAS=${doas}\nif needs_password ${path}; then echo yes; else echo no; fi`;
    assert.equal(runShell('dash', text).stdout, `${expected}\n`);
  });
}
