import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from './shell.ts';

const FILES = join(import.meta.dirname, '../../recipes/services/files');

/** A folder of services, and what is told to them: the words of `service`. */
function makeServices(services: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  const initFolder = join(folder, 'init.d');
  mkdirSync(initFolder);
  const list = join(folder, 'services');
  writeFileSync(list, '# Names.\n');
  for (const [name, lines] of Object.entries(services)) {
    const text = `#!/usr/bin/env dash\n# ${name} for tests.\nlog=${folder}/${name}.log\n${lines}\n. ${FILES}/service\n`;
    writeFileSync(join(initFolder, name), text, { mode: 0o755 });
  }
  const service = (...words: readonly string[]) => {
    const { stdout, stderr, status } = spawnSync('dash', [join(FILES, 'service-command'), ...words], {
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        PATH: process.env['PATH'],
        SERVICE_FOLDER: initFolder,
        SERVICE_LIST: list,
        SERVICE_STATE: join(folder, 'state'),
        KEEP_RUNNING: join(folder, 'keep-running'),
      },
    });
    return { stdout, stderr, status };
  };
  // The keeper runs by the dash of this machine.
  const keeper = readFileSync(join(FILES, 'keep-running'), 'utf8').replace(/^#!.*/, '#!/usr/bin/env dash');
  writeFileSync(join(folder, 'keep-running'), keeper, { mode: 0o755 });
  return {
    service,
    folder,
    list: () => readFileSync(list, 'utf8'),
    log: (name: string) => readFileSync(join(folder, `${name}.log`), 'utf8'),
  };
}

/** Waits until it is so; a service does things by itself. */
function until(what: string, isSo: () => boolean): void {
  for (let tries = 0; tries < 600; tries += 1) {
    if (isSo()) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  assert.fail(`It never came that ${what}`);
}

test('a service starts once, tells that it runs, and is gone when it was stopped', () => {
  const { service, log } = makeServices({ sleeper: "command='sleep 1000'" });
  try {
    assert.equal(service('sleeper', 'status').status, 3);
    assert.equal(service('sleeper', 'start').status, 0);
    assert.match(service('sleeper', 'status').stdout, /^sleeper: on/);
    assert.match(service('sleeper', 'start').stdout, /runs already/);
  } finally {
    assert.equal(service('sleeper', 'stop').status, 0);
  }
  assert.equal(service('sleeper', 'status').stdout, 'sleeper: off\n');
  assert.match(log('sleeper'), /starts: sleep 1000\n.*ended, as it was asked to\n$/);
});

test('one that fails is started again, and one that is done is not', () => {
  const { service, log } = makeServices({
    fails: "command='false'",
    done: "command='echo worked'",
  });
  try {
    service('fails', 'start');
    until('it starts again', () => log('fails').split('starts: false').length > 2);
    assert.match(service('fails', 'status').stdout, /on; ended with 1 at /);
  } finally {
    assert.equal(service('fails', 'stop').status, 0);
  }
  service('done', 'start');
  until('it is done', () => service('done', 'status').status === 3);
  assert.equal(log('done').match(/^worked$/gm)?.length, 1);
});

test('what does not end is killed when its patience is over, with what it started', () => {
  const { service, folder } = makeServices({ deaf: 'patience=1\ncommand="FOLDER/deaf"' });
  const program = join(folder, 'deaf');
  writeFileSync(program, "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 1; done\n", { mode: 0o755 });
  const file = join(folder, 'init.d/deaf');
  writeFileSync(file, readFileSync(file, 'utf8').replace('FOLDER', folder), { mode: 0o755 });
  assert.equal(service('deaf', 'start').status, 0);
  assert.equal(service('deaf', 'stop').status, 0);
  assert.equal(service('deaf', 'status').status, 3);
  // Killed is not yet gone.
  until('nothing of it is left', () => spawnSync('pgrep', ['-f', program]).status === 1);
});

test('nothing is started when what it needs cannot be prepared', () => {
  const { service } = makeServices({ picky: "command='sleep 1000'\nprepare() { return 1; }" });
  const { status, stderr } = service('picky', 'start');
  assert.equal(status, 1);
  assert.match(stderr, /picky was not started/);
  assert.equal(service('picky', 'status').status, 3);
});

test('services are listed, enabled and disabled by name, and no other file is ever run', () => {
  const { service, list } = makeServices({ one: "command='sleep 1000'" });
  service('one', 'enable');
  service('one', 'enable');
  assert.equal(list(), '# Names.\none\n');
  assert.match(service().stdout, /^one +off +with the system +one for tests\.$/m);
  service('one', 'disable');
  assert.equal(list(), '# Names.\n');
  assert.equal(service('two', 'start').status, 1);
  assert.equal(service('../init.d/one', 'start').status, 2);
  assert.equal(service('one', 'dance').status, 2);
});
