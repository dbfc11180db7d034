import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeServices, until } from './made-services.ts';

test('a service starts once, tells that it runs, and is gone when it was stopped', () => {
  const { service, read } = makeServices({ sleeper: "command='sleep 1000'" });
  try {
    assert.equal(service('sleeper', 'status').status, 3);
    assert.equal(service('sleeper', 'start').status, 0);
    assert.match(service('sleeper', 'status').stdout, /^sleeper: on/);
    assert.match(service('sleeper', 'start').stdout, /runs already/);
  } finally {
    assert.equal(service('sleeper', 'stop').status, 0);
  }
  assert.equal(service('sleeper', 'status').stdout, 'sleeper: off\n');
  assert.match(read('sleeper.log'), /starts: sleep 1000\n.*ended, as it was asked to\n$/);
});

test('one that fails is started again, and one that is done is not', () => {
  const { service, read } = makeServices({
    fails: "command='false'",
    done: "command='echo worked'",
  });
  try {
    service('fails', 'start');
    until('it starts again', () => read('fails.log').split('starts: false').length > 2);
    assert.match(service('fails', 'status').stdout, /on; ended with 1 at /);
  } finally {
    assert.equal(service('fails', 'stop').status, 0);
  }
  service('done', 'start');
  until('it is done', () => service('done', 'status').status === 3);
  assert.equal(read('done.log').match(/^worked$/gm)?.length, 1);
});

test('what does not end is killed when its patience is over, with what it started', () => {
  const { service, folder, addProgram } = makeServices({ deaf: "patience=1\ncommand='FOLDER/deaf'" });
  const program = join(folder, 'deaf');
  addProgram('deaf', "trap '' TERM\nwhile :; do sleep 1; done");
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
  const { service, read, folder } = makeServices({ one: "command='sleep 1000'" });
  service('one', 'enable');
  service('one', 'enable');
  assert.equal(read('services'), '# Names.\none\n');
  assert.match(service().stdout, /^one +off +with the system +one for tests\.$/m);
  service('one', 'disable');
  assert.equal(read('services'), '# Names.\n');
  // As an editor leaves it that ends no last line.
  writeFileSync(join(folder, 'services'), 'other');
  service('one', 'enable');
  assert.equal(read('services'), 'other\none\n');
  assert.equal(service('two', 'start').status, 1);
  assert.equal(service('../init.d/one', 'start').status, 2);
  assert.equal(service('one', 'dance').status, 2);
});

test('what a failed one leaves running is gone before it starts again, unless it made a session of its own', () => {
  const { service, read, addProgram } = makeServices({ forks: "command='FOLDER/forks'" });
  addProgram(
    'forks',
    `cd "\${0%/*}"
     if [ -e left ]; then grep '^State' "/proc/$(cat left)/status"; echo again; exec sleep 1000; fi
     setsid sleep 1000 &
     echo $! > apart
     sleep 1000 &
     echo $! > left
     exit 1`,
  );
  try {
    service('forks', 'start');
    until('it starts again', () => /^again$/m.test(read('forks.log')));
    // Killed is not yet gone: who is a zombie holds nothing any more.
    assert.doesNotMatch(read('forks.log'), /^State:\s+[^ZX]/m);
    process.kill(Number(read('apart')));
  } finally {
    assert.equal(service('forks', 'stop').status, 0);
  }
});
