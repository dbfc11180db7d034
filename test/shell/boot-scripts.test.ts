import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BOOT_FILES, INITRD_INIT, runShell, temporaryFolder } from './shell.ts';

const shellFiles = [
  INITRD_INIT,
  ...readdirSync(BOOT_FILES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.c'))
    .map((entry) => join(entry.parentPath, entry.name)),
];

for (const path of shellFiles) {
  const first = readFileSync(path, 'utf8').split('\n', 1)[0] ?? '';
  const shell = first.includes('dash') || first.endsWith('POSIX sh.') ? 'dash' : 'bash';
  test(`the shell reads it: ${path.slice(path.indexOf('recipes/'))}`, () => {
    const { status, stderr } = spawnSync(shell, ['-n', path], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
}

test('scripts run in the order of their names, and one that hangs or fails holds nobody up', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'start'));
  const scripts = {
    '10-first': 'echo first',
    '20-hangs': 'sleep 60',
    '30-fails': 'exit 7',
    '40-last': 'echo last',
  };
  for (const [name, body] of Object.entries(scripts)) {
    writeFileSync(join(folder, 'start', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  writeFileSync(
    join(folder, 'functions'),
    'say_failed() { echo "FAILED $1"; }\nsay_ok() { :; }\nmark() { :; }\n',
  );
  const rc = readFileSync(join(BOOT_FILES, 'boot/rc'), 'utf8')
    .replace(/^BOOT=.*$/m, `BOOT=${folder}`)
    .replace(/^SCRIPT_LIMIT_SECONDS=.*$/m, 'SCRIPT_LIMIT_SECONDS=1');
  const { stdout } = runShell('dash', `set -- start\n${rc}`);
  assert.deepEqual(stdout.trim().split('\n'), [
    'first',
    'FAILED hangs: took longer than 1 s, and was ended',
    'FAILED fails: ended with 7',
    'last',
  ]);
});

for (const [shadow, expected] of [
  ['root:!:1::::::\nbin:*:1::::::\n', 'no'],
  ['root::1::::::\n', 'no'],
  ['root:!$6$a$b:1::::::\n', 'no'],
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
