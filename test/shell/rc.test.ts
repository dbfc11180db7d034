/** rc, which runs the scripts of the way up and down. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BOOT_FILES, runShell, temporaryFolder } from './shell.ts';

/** Runs these scripts as `rc start`, with a limit of a second each; gives what was said and what was noted. */
function start(scripts: Readonly<Record<string, string>>): { said: string[]; marks: string[] } {
  const folder = temporaryFolder();
  const marks = join(folder, 'marks');
  mkdirSync(join(folder, 'start'));
  writeFileSync(marks, '');
  for (const [name, body] of Object.entries(scripts)) {
    writeFileSync(join(folder, 'start', name), body, { mode: body.startsWith('#!') ? 0o755 : 0o644 });
  }
  writeFileSync(
    join(folder, 'functions'),
    `say_failed() { echo "FAILED $1"; }\nsay_ok() { :; }\nmark() { echo "$1 $2" >> ${marks}; }\n`,
  );
  const rc = readFileSync(join(BOOT_FILES, 'boot/rc'), 'utf8')
    .replace(/^BOOT=.*$/m, `BOOT=${folder}`)
    .replace(/^SCRIPT_LIMIT_SECONDS=.*$/m, 'SCRIPT_LIMIT_SECONDS=1')
    .replace(/^LOOK_SECONDS=.*$/m, 'LOOK_SECONDS=1')
    .replace(/^settle\(\) \{$/m, 'settle() {\n  return');
  const { stdout, stderr } = runShell('dash', `set -- start\n${rc}`);
  // The shell itself tells of a signal that ended what it waited for.
  assert.match(stderr, /^(?:\s|Terminated|Killed)*$/);
  return { said: lines(stdout), marks: lines(readFileSync(marks, 'utf8')) };
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

test('scripts run in the order of their names, and one that hangs or fails holds nobody up', () => {
  const { said } = start({
    '10-first': 'echo first',
    '20-hangs': 'sleep 60',
    '30-fails': 'exit 7',
    '40-last': 'echo last',
  });
  const hangs = 'FAILED hangs: took longer than 1 s, and was ended';
  assert.deepEqual(said, ['first', hangs, 'FAILED fails: ended with 7', 'last']);
});

test('one that does not listen is ended all the same, with what it waits for', () => {
  const pid = join(temporaryFolder(), 'pid');
  const hangs = `dash -c 'trap "" TERM; echo $$ > ${pid}; while :; do sleep 0.1; done'`;
  const { said } = start({ '20-stubborn': `trap '' TERM\n${hangs}`, '30-next': 'echo next' });
  assert.deepEqual(said, ['FAILED stubborn: took longer than 1 s, and was ended', 'next']);
  assert.equal(isRunning(readFileSync(pid, 'utf8').trim()), false);
});

test('what a script has started and left behind is not its delay', () => {
  const pid = join(temporaryFolder(), 'pid');
  const { said } = start({
    '10-daemon': `sleep 30 > /dev/null 2>&1 & echo $! > ${pid}`,
    '20-hangs': 'sleep 60',
    '30-next': 'echo next',
  });
  assert.equal(said.at(-1), 'next');
  const daemon = readFileSync(pid, 'utf8').trim();
  assert.equal(isRunning(daemon), true);
  process.kill(Number(daemon));
});

test('scripts of one number run side by side, and the next number waits for all of them', () => {
  const folder = temporaryFolder();
  const meet = (own: string, other: string) =>
    `: > ${folder}/${own}\nuntil [ -e ${folder}/${other} ]; do sleep 0.01; done\necho met`;
  const { said, marks } = start({
    '10-alone': 'echo alone',
    '20-left': meet('left', 'right'),
    '20-right': meet('right', 'left'),
    '20-slow': 'sleep 0.3\necho slow\nexit 3',
    '30-next': 'echo next',
  });
  assert.deepEqual(said, ['alone', 'met', 'met', 'slow', 'FAILED slow: ended with 3', 'next']);
  const expected = ['ended 20-left', 'ended 20-right', 'ended 20-slow', 'login logins'];
  assert.deepEqual(marks.toSorted(), [...expected, 'start 10-alone', 'start 20', 'start 30-next']);
});

test('one that is executable is started as the program that it is', () => {
  const { said } = start({ '10-bash': '#!/bin/bash\necho "$BASH"\nexit 4', '20-next': 'echo next' });
  assert.deepEqual(said, ['/bin/bash', 'FAILED bash: ended with 4', 'next']);
});

test('each has a shell of its own, and input from nowhere', () => {
  const { said } = start({
    '10-sets': 'kept=yes\ncd /usr\nread -r line; echo "read: $line"',
    '20-asks': 'kept="$kept."; echo "kept: $kept"; echo "$PWD"',
  });
  assert.deepEqual(said.slice(0, 2), ['read: ', 'kept: .']);
  assert.notEqual(said[2], '/usr');
});

test('a script with a number of its own starts programs that can be interrupted', () => {
  const { said } = start({
    '90-services':
      'while read -r name value; do case $name in SigIgn:) echo "$value" ;; esac; done < /proc/self/status',
  });
  // SIGINT and SIGQUIT, 2 and 3, are bits 1 and 2.
  assert.equal(Number.parseInt(said[0] ?? '', 16) & 0b110, 0);
});

function isRunning(pid: string): boolean {
  return (
    pid !== '' &&
    existsSync(`/proc/${pid}`) &&
    !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  );
}

test('what an editor has left beside a script, and what is not named like one, is not run, and is named', () => {
  const { said } = start({
    '35-my script': 'echo blank',
    '38-copy~': 'echo copy',
    '39-copy.bak': 'echo bak',
    README: 'echo text',
    '40-last': 'echo last',
  });
  const refused = ['35-my script', '38-copy~', '39-copy.bak', 'README'];
  const expected = refused.map((name) => `FAILED ${name} is not run: a script is named like 35-name`);
  assert.deepEqual(said.toSorted(), [...expected, 'last'].toSorted());
});
