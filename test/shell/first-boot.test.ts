/** When the settings of blazeneuro.conf count as applied, and are wiped. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BOOT_FILES, runShell, temporaryFolder } from './shell.ts';

const HASH = '$6$salt$12345678';

/** Boots with a password's hash in blazeneuro.conf; gives what was said, what is in the file now, and what was marked. */
function boot({ isRootWritable = true, chpasswd = 'cat > /dev/null', canMark = true } = {}) {
  const folder = temporaryFolder();
  const [esp, state] = [join(folder, 'esp'), join(folder, 'state')];
  mkdirSync(esp);
  // Where a file lies in the place of the folder, nothing can be marked.
  if (!canMark) writeFileSync(state, '');
  writeFileSync(join(esp, 'blazeneuro.conf'), `ROOT_PASSWORD_HASH=${HASH}\n`);
  writeFileSync(
    join(folder, 'functions'),
    `say_ok() { echo "OK $1"; }; say_failed() { echo "FAILED $1"; }; is_mounted() { true; }
is_root_writable() { ${isRootWritable}; }\n`,
  );
  const script = readFileSync(join(BOOT_FILES, 'libexec/first-boot'), 'utf8')
    .replace(/^export PATH=.*$/m, '')
    .replace(/^LIBRARY=.*$/m, `LIBRARY=${BOOT_FILES}/first-boot`)
    .replace(/^STATE=.*$/m, `STATE=${state}`)
    .replace(/^ESP=.*$/m, `ESP=${esp}`)
    .replace('/usr/lib/blazeneuro/boot/functions', join(folder, 'functions'))
    .replace('/usr/lib/blazeneuro/passwords', join(BOOT_FILES, 'passwords'))
    // Where the partition itself would be looked through.
    .replace(/^mkdir -p/m, 'wipe_copies() { true; }\nmkdir -p');
  const { stdout } = runShell('bash', script, { tools: { chpasswd, findmnt: 'echo /dev/x', sync: ':' } });
  const marked = ['done', 'wiped'].filter((name) => existsSync(join(state, name)));
  return { said: stdout, conf: readFileSync(join(esp, 'blazeneuro.conf'), 'utf8'), marked };
}

test('settings that were applied are marked, then their secrets are wiped, and that is marked', () => {
  const { said, conf, marked } = boot();
  assert.match(said, /^OK blazeneuro\.conf: ROOT_PASSWORD_HASH\n$/);
  assert.doesNotMatch(conf, /12345678/);
  assert.deepEqual(marked, ['done', 'wiped']);
});

test('on a root that cannot be written nothing is applied or wiped', () => {
  const { said, conf, marked } = boot({ isRootWritable: false });
  assert.match(said, /^FAILED blazeneuro\.conf: the root file system cannot be written/);
  assert.equal(conf, `ROOT_PASSWORD_HASH=${HASH}\n`);
  assert.deepEqual(marked, []);
});

for (const [what, given] of [
  ['a password that could not be written down', { chpasswd: 'exit 1' }],
  ['what could not be marked', { canMark: false }],
] as const) {
  test(`${what} is not wiped: the next boot tries again`, () => {
    const { conf, marked } = boot(given);
    assert.equal(conf, `ROOT_PASSWORD_HASH=${HASH}\n`);
    assert.deepEqual(marked, []);
  });
}
