import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeServices, NOBODY } from './made-services.ts';
import { runShell } from './shell.ts';

const needsRoot = { skip: process.getuid?.() !== 0 && 'only root can become somebody else' };

test(
  'nobody but root can hold the lock of a service, and everybody is told whether it runs',
  needsRoot,
  () => {
    const { service, serviceAs, folder } = makeServices({ shared: "command='sleep 1000'" });
    const state = (name: string) => join(folder, 'state', `shared.${name}`);
    const masked = process.umask(0o077);
    try {
      service('shared', 'start');
      assert.equal(serviceAs(NOBODY, 'shared', 'status').stdout, 'shared: on\n');
      assert.match(serviceAs(NOBODY).stdout, /^shared +on /m);
      assert.equal(spawnSync('flock', ['-n', state('lock'), 'true'], { uid: NOBODY }).status, 66);
      assert.equal(statSync(state('lock')).mode & 0o777, 0o600);
      assert.notEqual(serviceAs(NOBODY, 'shared', 'stop').status, 0);
      assert.match(service('shared', 'status').stdout, /^shared: on/);
    } finally {
      assert.equal(service('shared', 'stop').status, 0);
      process.umask(masked);
    }
    assert.equal(serviceAs(NOBODY, 'shared', 'status').status, 3);
    // The number of a keeper that is gone may be somebody else's by now.
    writeFileSync(state('keeper'), `${process.pid}\n`);
    assert.equal(serviceAs(NOBODY, 'shared', 'status').stdout, 'shared: off\n');
    assert.equal(serviceAs(NOBODY, 'shared', 'start').status, 1);
  },
);

test('nothing in the words of a command is expanded for an ordinary user either', () => {
  const { folder } = makeServices({});
  // As su does: words after the name go to the shell.
  const su = `if [ "$1 $2 $3 $5 $6" != '-s /bin/sh -c -- anna' ]; then exit 9; fi
text=$4
shift 6
exec sh -c "$text" "$@"`;
  const words = "printf %s\\\\n * \\$HOME --version a;b '";
  const { stderr } = runShell(
    'dash',
    `cd ${folder} && dash keep-running ${folder}/words anna never ${folder}/words.log 1 "${words}"`,
    { tools: { su } },
  );
  assert.equal(stderr, '');
  const log = runShell('dash', `cat ${folder}/words.log`).stdout;
  assert.match(log, /^\*\n\$HOME\n--version\na;b\n'\n/m);
});
