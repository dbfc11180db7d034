/** The stop script that ends all processes, among real ones in a PID namespace. */
import assert from 'node:assert/strict';
import { spawn as spawnProgram, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn as spawnOnTerminal } from '@lydell/node-pty';
import { BOOT_FILES, temporaryFolder } from './shell.ts';

const SCRIPT = join(BOOT_FILES, 'boot/stop/20-processes');
const NAMESPACE = ['--pid', '--fork', '--kill-child', '--mount-proc'];
/** A job that needs a second to end, says that it has, and would not survive that its terminal is hung up. */
const SLOW_JOB = (file: string) =>
  `dash -c 'trap "sleep 1; echo ended > ${file}; exit" TERM; echo begun > ${file}; while :; do sleep 0.1; done' &`;

const skip = whyNot();

test('an interactive shell ends without being killed, after its jobs have ended in their own time', {
  skip,
}, async () => {
  const folder = temporaryFolder();
  const [job, history] = [join(folder, 'job'), join(folder, 'history')];
  using machine = await openNamespace();
  const ended = Promise.withResolvers<{ readonly exitCode: number; readonly signal?: number }>();
  const shell = spawnOnTerminal('nsenter', machine.enter('bash', '--norc', '--noprofile', '-i'), {
    env: { PATH: process.env['PATH'], HISTFILE: history, PS1: '$ ' },
  });
  shell.onExit(ended.resolve);
  shell.write(`${SLOW_JOB(job)}\r`);
  await until('the job runs', () => read(job) === 'begun\n');

  const { status, stderr } = spawnSync('nsenter', machine.enter('setsid', '--wait', 'dash', SCRIPT), {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  await ended.promise;
  assert.equal(read(job), 'ended\n');
  // Who is killed keeps no history.
  assert.match(read(history), /echo begun/);
  assert.equal(machine.processes(), 1);
});

test('what ignores TERM and sits at no terminal is killed', { skip }, async () => {
  const folder = temporaryFolder();
  const [begun, hungUp] = [join(folder, 'begun'), join(folder, 'hung-up')];
  using machine = await openNamespace();
  const stubborn = `trap '' TERM; trap 'echo no > ${hungUp}' HUP; echo yes > ${begun}; while :; do sleep 0.1; done`;
  const child = spawnProgram('nsenter', machine.enter('setsid', 'dash', '-c', stubborn), { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await until('it runs', () => existsSync(begun));
  const { status } = spawnSync('nsenter', machine.enter('setsid', '--wait', 'dash', SCRIPT), {
    timeout: 60_000,
  });
  assert.equal(status, 0);
  await ended;
  assert.equal(existsSync(hungUp), false);
  assert.equal(machine.processes(), 1);
});

/** A namespace whose first process only waits; it ends with the scope, and all in it. */
async function openNamespace() {
  // The first process of a namespace is number 1 to itself; the number that we know it by is that of the child of unshare.
  // Number 2 is that of the kernel's own threads, so nobody else may have it.
  const waits = ['dash', '-c', 'true & wait; exec sleep infinity'];
  const first = spawnProgram('unshare', [...NAMESPACE, ...waits], { stdio: 'ignore' });
  const childrenFile = `/proc/${first.pid}/task/${first.pid}/children`;
  await until('there is a namespace', () => read(childrenFile).trim() !== '');
  const id = read(childrenFile).trim();
  await until('the first process waits', () => read(`/proc/${id}/comm`) === 'sleep\n');
  // killall5 stops everything for a moment. Whoever waits in there for a child that is stopped, as nsenter does, stops too,
  // and nobody would wake it: only the child of a shell that stays outside is in the namespace.
  const outside = ['dash', '-c', '"$@"; exit $?', 'dash'];
  const enter = (...words: readonly string[]) => [
    ...['--no-fork', '--target', id, '--pid', '--mount', '--'],
    ...[...outside, ...words],
  ];
  return {
    enter,
    /** How many processes there are in it, zombies aside. */
    processes: () => {
      const { stdout } = spawnSync('nsenter', enter('ps', '-N', '--ppid', '0', '-o', 'state='), {
        encoding: 'utf8',
      });
      return 1 + stdout.split('\n').filter((state) => /^[^Z\s]/.test(state)).length;
    },
    [Symbol.dispose]: () => void first.kill('SIGKILL'),
  };
}

function whyNot(): string | false {
  for (const tool of ['killall5', 'ps', 'nsenter']) {
    const { status } = spawnSync('sh', ['-c', `command -v ${tool}`]);
    if (status !== 0) return `there is no ${tool}`;
  }
  const tried = spawnSync('unshare', [...NAMESPACE, 'true'], { encoding: 'utf8' });
  return tried.status === 0 ? false : `no PID namespace here: ${tried.stderr.trim()}`;
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Waits until it is so, however busy the machine is. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1200; tries += 1) {
    if (isSo()) return;
    await sleep(50);
  }
  assert.fail(`It never came that ${what}`);
}
