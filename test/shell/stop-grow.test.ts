/** The stop script that waits for a root which is still growing. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BOOT_FILES, runShell, temporaryFolder } from './shell.ts';

/** Runs the script with a file of its own, and functions that print; each second that it waits is counted. */
function runGrow(options: { readonly pid?: number | undefined; readonly sleep?: string }) {
  const folder = temporaryFolder();
  const growing = join(folder, 'growing');
  if (options.pid !== undefined) writeFileSync(growing, `${options.pid}\n`);
  const script = readFileSync(join(BOOT_FILES, 'boot/stop/15-grow'), 'utf8');
  const sleeps = join(folder, 'sleeps');
  const tools = { sleep: `echo "$1" >> ${sleeps}; ${options.sleep ?? 'true'}` };
  writeFileSync(sleeps, '');
  const { stdout, status } = runShell(
    'dash',
    `say() { echo "$1"; }\n${script.replaceAll('/run/blazeneuro/growing', growing)}`,
    { tools },
  );
  return { said: stdout, status, sleeps: readFileSync(sleeps, 'utf8').split('\n').length - 1 };
}

test('a root that is not growing is not waited for', () => {
  assert.deepEqual(runGrow({}), { said: '', status: 0, sleeps: 0 });
});

test('a root that has grown is not waited for', async () => {
  const child = spawn('true');
  await once(child, 'exit');
  assert.deepEqual(runGrow({ pid: child.pid }), { said: '', status: 0, sleeps: 0 });
});

test('a root that is growing is waited for until it is done, and that is said once', () => {
  // An orphan is reaped by init, and so is gone from /proc once it was killed.
  const pid = Number(runShell('dash', 'sleep 1000 > /dev/null 2>&1 & echo $!').stdout);
  // The third second is that in which it is done.
  const sleep = `echo >> "$0.n"; [ "$(wc -l < "$0.n")" -ne 3 ] || kill ${pid}; exec /usr/bin/sleep 0.1`;
  const { said, sleeps } = runGrow({ pid, sleep });
  assert.match(said, /^The root file system is growing .* Please wait\.\n$/);
  assert.ok(sleeps >= 3 && sleeps < 40, `${sleeps} s`);
});

test('one that does not end is waited for 40 s, and no longer', () => {
  const { said, status, sleeps } = runGrow({ pid: process.pid });
  assert.match(said, /^The root file system is growing .* Please wait\.\n$/);
  assert.deepEqual({ status, sleeps }, { status: 0, sleeps: 40 });
});
