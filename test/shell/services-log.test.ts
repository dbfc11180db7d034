import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LARGEST_LOG_BYTES, makeServices, until } from './made-services.ts';

for (const [why, log] of [
  ['the root is read-only', '/proc/service.log'],
  ['its folder is missing', 'FOLDER/nowhere/service.log'],
  ['the drive is full', '/dev/full'],
]) {
  test(`a service runs, and says where its log is, when ${why}`, () => {
    const { service, folder, read } = makeServices({
      mute: `log=${log}\ncommand='echo spoken'\nrestart=always`,
    });
    try {
      const { status, stdout } = service('mute', 'start');
      assert.equal(status, 0);
      assert.match(stdout, /^mute: .* is not to be written to; it logs to \S+\/state\/mute\.log$/m);
      until('it speaks', () => /^spoken$/m.test(read('state/mute.log')));
      writeFileSync(
        join(folder, 'init.d/mute'),
        read('init.d/mute').replace(/^log=.*\nlog=.*$/m, `log=${folder}/mute.log`),
      );
      assert.equal(service('mute', 'restart').stdout, '');
    } finally {
      assert.equal(service('mute', 'stop').status, 0);
    }
    assert.equal(existsSync(join(folder, 'state/mute.log')), false);
  });
}

test('a log stays short while its service runs, and what came last is put by', () => {
  const { service, read, size, addProgram } = makeServices({ talks: "command='FOLDER/talks'" });
  addProgram(
    'talks',
    `counted=0
     while [ "$counted" -lt 500 ]; do counted=$((counted + 1)); echo "line $counted of many"; done
     while [ ! -e "\${0%/*}/asked" ]; do sleep 0.05; done
     echo answered
     exec sleep 1000`,
  );
  try {
    service('talks', 'start');
    until('what it has said is put by', () => read('talks.log') === '' && read('talks.log.1') !== '');
    assert.equal(size('talks.log.1'), LARGEST_LOG_BYTES);
    assert.match(read('talks.log.1'), /line 500 of many\n$/);
    addProgram('asked', '');
    until('it goes on at the beginning', () => read('talks.log') === 'answered\n');
  } finally {
    assert.equal(service('talks', 'stop').status, 0);
  }
});

test('a log stays short however often its service fails', () => {
  const { service, read, size, folder } = makeServices({
    fails: `command='head -c ${2 * LARGEST_LOG_BYTES} /proc/self/maps /nowhere'`,
  });
  writeFileSync(
    join(folder, 'keep-running'),
    read('keep-running').replace(/^LOOK_SECONDS=.*/m, 'LOOK_SECONDS=1000'),
  );
  writeFileSync(join(folder, 'fails.log'), 'x'.repeat(2 * LARGEST_LOG_BYTES));
  try {
    service('fails', 'start');
    until(
      'it starts again',
      () => read('fails.log').split(' starts: ').length > 1 && existsSync(join(folder, 'fails.log.1')),
    );
    assert.equal(size('fails.log.1'), LARGEST_LOG_BYTES);
  } finally {
    assert.equal(service('fails', 'stop').status, 0);
  }
});

test('other files that a service lets grow stay short too', () => {
  const { service, size, folder } = makeServices({
    grows: "command='sleep 1000'\ngrows='FOLDER/one FOLDER/two'",
  });
  for (const name of ['one', 'two']) writeFileSync(join(folder, name), 'x'.repeat(2 * LARGEST_LOG_BYTES));
  try {
    service('grows', 'start');
    until('both are short', () => size('one') === 0 && size('two') === 0);
    assert.equal(size('two.1'), LARGEST_LOG_BYTES);
  } finally {
    assert.equal(service('grows', 'stop').status, 0);
  }
});

test('nobody goes on looking at the log of a service that has ended, however its keeper ended', () => {
  const { service, read, folder } = makeServices({
    short: "command='sleep 0.2'",
    killed: "command='sleep 5'",
  });
  service('short', 'start');
  service('killed', 'start');
  process.kill(Number(read('state/killed.keeper')), 'SIGKILL');
  until('no keeper is left', () => spawnSync('pgrep', ['-f', join(folder, 'keep-running')]).status === 1);
});
