import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LiveRun, openRig, outcomes, type Rig } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

// The words of a process that nobody else on this machine runs.
const SLEEP = `sleep 3.0${process.pid}`;

describe('a build that is ended from outside', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await openRig();
    await writeToyProfile(rig);
    await writeToy(rig, 'stands');
    await writeToy(rig, 'toy', { needs: ['stands'], build: SLEEP });
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const words = () => [...toyWords(rig), 'build', 'system/toy', '--json'];

  test('by kill -9 leaves no process and no mount, and the next run goes on', async () => {
    const run = rig.start(...words());
    await asleep(run);
    run.child.kill('SIGKILL');
    assert.equal((await run.ended).exitCode, null);
    await expectNothingLeft(rig);

    const next = await rig.run(...words());
    assert.equal(next.exitCode, 0, next.stderr);
    assert.deepEqual(outcomes(next), { 'system/stands': 'reused', 'system/toy': 'built' });
    assert.deepEqual(await readdir(join(rig.store, 'staging')), []);
  });

  test('by Ctrl-C ends with 130 at once, and leaves neither', async () => {
    const run = rig.start(...words());
    await asleep(run);
    run.child.kill('SIGINT');
    const ended = await run.ended;
    assert.equal(ended.exitCode, 130, ended.stderr);
    assert.equal(outcomes(ended)['system/toy'], 'stopped');
    assert.match(ended.stderr, /system\/toy was interrupted/);
    await expectNothingLeft(rig);
  });
});

/** Waits until the toy's own program runs in its sandbox. */
async function asleep(run: LiveRun): Promise<void> {
  if (run.child.stdout === null) throw new Error('No stdout');
  for await (const line of createInterface({ input: run.child.stdout })) {
    if (line.includes('"phase":"build"')) break;
  }
  await until(async () => (await processesWith([SLEEP])).length > 0, 'the sandbox to run its program');
}

async function expectNothingLeft(rig: Rig): Promise<void> {
  await until(
    async () => (await processesWith([SLEEP, rig.folder])).length === 0,
    'all processes to be gone',
    async () => JSON.stringify(await processesWith([SLEEP, rig.folder])),
  );
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  assert.doesNotMatch(mounts, new RegExp(`^blazeneuro |${rig.folder}`, 'm'));
}

/** The command lines that hold one of the texts. */
async function processesWith(texts: readonly string[]): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const lines = await Promise.all(ids.map(commandLine));
  return lines.filter((line) => texts.some((one) => line.includes(one)));
}

async function commandLine(id: string): Promise<string> {
  try {
    return (await readFile(`/proc/${id}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  } catch {
    // It ended while we looked.
    return '';
  }
}

async function until(holds: () => Promise<boolean>, what: string, describe = async () => ''): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}. ${await describe()}`);
    await sleep(20);
  }
}
