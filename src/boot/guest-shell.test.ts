import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '#base';
import { type RunningProgram, startProgram } from '#process';
import { logIn, quieten } from './guest-shell.ts';
import { openSerialConsole, type SerialConsole } from './serial-console.ts';

/** The host's kernel must not be made silent by a test: this guest has a dmesg of its own. */
let toolFolder = '';
before(async () => {
  toolFolder = await mkdtemp(join(tmpdir(), 'blazeneuro-guest-'));
  await writeFile(join(toolFolder, 'dmesg'), '#!/bin/sh\n', { mode: 0o755 });
});
after(async () => await rm(toolFolder, { recursive: true }));

/** A real login on a real terminal: `script` gives it one, so that echo, line ends and prompts are a guest's. */
function startGuest(program: string): { console: SerialConsole; guest: RunningProgram } {
  const guest = startProgram({
    argv: ['script', '--quiet', '--flush', '--return', '--command', program, '/dev/null'],
    env: {
      PATH: `${toolFolder}:/usr/bin:/bin`,
      TERM: 'vt100',
      SHELL: '/bin/sh',
      HOME: '/',
    },
    graceMs: 100,
    stdin: 'pipe',
    stdout: 'pipe',
  });
  return { console: openSerialConsole({ output: guest.stdout, input: guest.stdin }), guest };
}

/** Asks like login does: name with echo, password without; then a shell. */
const LOGIN = `sh -c '
  printf "box login: "; read -r name; stty -echo; printf "Password: "; read -r password; stty echo; echo
  [ "$name/$password" = root/secret ] || { echo "Login incorrect"; exit 1; }
  exec bash --norc --noprofile -i'`;

describe('a shell on the guest', () => {
  it('is reached through a login, and answers with output and exit code', async () => {
    const { console, guest } = startGuest(LOGIN);
    await using _ = guest;
    unwrap(await console.waitFor(/login: $/, { what: 'a login prompt', timeLimitMs: 10_000 }));
    const shell = unwrap(await logIn(console, { user: 'root', password: 'secret' }));
    assert.deepEqual(unwrap(await shell.run('echo one; echo two >&2; (exit 7)')), {
      output: 'one\ntwo',
      exitCode: 7,
    });
    assert.deepEqual(unwrap(await shell.run('true')), { output: '', exitCode: 0 });
    assert.deepEqual(unwrap(await shell.run('exit 5 # a comment')), { output: '', exitCode: 5 });
    assert.equal(unwrap(await shell.run('printf "no newline"')).output, 'no newline');
    assert.equal(unwrap(await shell.run('seq 1 2000 | tail -1; echo "$PS1"')).output, '2000\n');
  });

  it('says so when the password is refused', async () => {
    const { console, guest } = startGuest(LOGIN);
    await using _ = guest;
    unwrap(await console.waitFor(/login: $/, { what: 'a login prompt', timeLimitMs: 10_000 }));
    const result = await logIn(console, { user: 'root', password: 'wrong' });
    assert.equal(result.ok, false);
    assert.match(result.ok ? '' : result.problem.message, /refused the password of root/);
  });

  it('says so when nobody asks for a password', async () => {
    const open = `sh -c 'printf "box login: "; read -r name; exec bash --norc --noprofile -i'`;
    const { console, guest } = startGuest(open);
    await using _ = guest;
    unwrap(await console.waitFor(/login: $/, { what: 'a login prompt', timeLimitMs: 10_000 }));
    const result = await logIn(console, { user: 'root', password: 'secret' });
    assert.match(result.ok ? '' : result.problem.message, /let root in without a password/);
  });

  it('does not wait past its time limit for a command', async () => {
    const { console, guest } = startGuest('bash --norc --noprofile -i');
    await using _ = guest;
    unwrap(await console.waitFor(/[#$] $/, { what: 'a prompt', timeLimitMs: 10_000 }));
    const shell = unwrap(await quieten(console));
    const result = await shell.run('sleep 30', { timeLimitMs: 200 });
    assert.match(result.ok ? '' : result.problem.message, /waiting for the end of: sleep 30/);
  });
});
