import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LiveRun, openRig, type Rig } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

// The words of a process that nobody else on this machine runs.
const SLEEP = `sleep 4.0${process.pid}`;

type Entry = {
  readonly name: string;
  readonly ph: string;
  readonly cat?: string;
  readonly args: Record<string, unknown>;
};

describe('--trace', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await openRig();
    await writeToyProfile(rig);
    await writeToy(rig, 'stands');
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const words = () => [...toyWords(rig), '--trace', 'trace.json', 'build', 'system/toy'];

  const builds = async () => {
    const entries = JSON.parse(await rig.read('trace.json')) as readonly Entry[];
    const spans = entries.filter(({ ph, cat }) => ph === 'X' && cat === 'build');
    return spans.map(({ name, args }) => [name, args['outcome']]);
  };

  test('is whole after a run that failed', async () => {
    await writeToy(rig, 'toy', { needs: ['stands'], build: 'false' });
    const run = await rig.run(...words());
    assert.equal(run.exitCode, 1, run.stderr);
    assert.deepEqual(await builds(), [
      ['system/stands', 'built'],
      ['system/toy', 'failed'],
    ]);
  });

  test('is whole when a second Ctrl-C ends the run at once, before what it started has ended', async () => {
    await writeToy(rig, 'toy', { needs: ['stands'], build: SLEEP });
    const run = rig.start(...words(), '--json');
    const { stdout, stderr } = run.child;
    assert.ok(stdout !== null && stderr !== null);
    const sandbox = await topOfSandbox(run);
    // What is stopped does not hear that it should end: the run has to wait for its time of grace.
    process.kill(sandbox, 'SIGSTOP');
    run.child.kill('SIGINT');
    for await (const line of createInterface({ input: stderr })) if (line.includes('Stopping')) break;
    run.child.kill('SIGINT');
    const exitCode = await new Promise((resolve) => run.child.once('exit', resolve));
    assert.equal(exitCode, 130);
    assert.deepEqual(await builds(), [
      ['system/stands', 'built'],
      ['system/toy', 'broken off'],
    ]);
    const events = (await readFile(`${rig.cwd}/logs/events.jsonl`, 'utf8')).trimEnd().split('\n');
    assert.ok(!events.some((line) => line.includes('"type":"finished"')), 'it did not end by itself');
    await until(async () => (await processesWith(SLEEP)).length === 0);
  });

  test('of a file that cannot be written is wrong usage', async () => {
    const run = await rig.run(
      ...toyWords(rig),
      '--trace',
      'no/such/folder/trace.json',
      'plan',
      'system/stands',
    );
    assert.equal(run.exitCode, 2);
    assert.match(run.stderr, /The trace cannot be written: ENOENT/);
  });
});

/** The process of ours that everything in the toy's sandbox descends from, once its own program runs. */
async function topOfSandbox(run: LiveRun): Promise<number> {
  await until(async () => (await processesWith(SLEEP)).length > 0);
  let pid = (await processesWith(SLEEP))[0] ?? 0;
  for (;;) {
    const parent = await parentOf(pid);
    if (parent === run.child.pid) return pid;
    if (parent <= 1) throw new Error('The sandbox is not below the program.');
    pid = parent;
  }
}

async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Processes of which `text` is the whole command line. */
async function processesWith(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (/^\d+$/.test(name) && (await commandLine(name)) === text) found.push(Number(name));
  }
  return found;
}

async function commandLine(id: string): Promise<string> {
  try {
    return (await readFile(`/proc/${id}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
  } catch {
    // It ended while we looked.
    return '';
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('Waited in vain.');
    await sleep(20);
  }
}
