import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { unwrap } from '#base';
import type { Event } from '#event';
import { lockStore } from './store-lock.ts';

/** A store of its own or another session's, and a session that would lock it. */
async function openTrial(t: TestContext, root?: string) {
  const storeRoot = root ?? (await mkdtemp(join(tmpdir(), 'store-lock-test-')));
  if (root === undefined) t.after(() => rm(storeRoot, { recursive: true }));
  const events: Event[] = [];
  const stop = new AbortController();
  const emit = (event: Event): void => {
    events.push(event);
    // Who is told may wait no longer.
    stop.abort();
  };
  return { events, file: join(storeRoot, 'lock'), session: { storeRoot, emit, signal: stop.signal } };
}

/** Another program that has the lock, until its stdin ends. */
async function holdByOther(file: string): Promise<ChildProcess> {
  const other = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(other.stdout, 'data');
  return other;
}

test('a lock that nobody has is taken without a word, however slow the machine is', async (t) => {
  const { events, session } = await openTrial(t);
  const locking = lockStore(session);
  // Nothing of ours runs meanwhile, as on a machine that is busy with other things.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  await using _lock = unwrap(await locking);
  assert.deepEqual(events, []);
});

test('whoever has the lock is named, and no longer once it was given back', async (t) => {
  const { file, session: holding } = await openTrial(t);
  const first = unwrap(await lockStore(holding));
  const { events, session } = await openTrial(t, holding.storeRoot);
  const second = await lockStore(session);
  assert.equal(second.ok || second.problem.kind, 'interrupted');
  const [waiting] = events;
  assert.ok(waiting?.type === 'store-waiting');
  assert.deepEqual(Object.keys(waiting.holder ?? {}), ['pid', 'command', 'sinceMs']);
  assert.equal(waiting.holder?.pid, process.pid);
  await first[Symbol.asyncDispose]();
  assert.equal(await readFile(file, 'utf8'), '');
});

test('a run that is stopped has the lock until it has wound up', async (t) => {
  const { file, session } = await openTrial(t);
  const stop = new AbortController();
  const first = unwrap(await lockStore({ ...session, signal: stop.signal }));
  stop.abort();
  // As long as it takes a holder that is told to end.
  await sleep(300);
  const other = spawn('flock', ['--nonblock', file, 'true'], { stdio: 'inherit' });
  const [exitCode] = await once(other, 'exit');
  assert.equal(exitCode, 1);
  await first[Symbol.asyncDispose]();
});

test('who was stopped before does not get the lock', async (t) => {
  const { file, session } = await openTrial(t);
  const stopped = await lockStore({ ...session, signal: AbortSignal.abort() });
  assert.equal(stopped.ok || stopped.problem.kind, 'interrupted');
  const other = spawn('flock', ['--nonblock', file, 'true'], { stdio: 'inherit' });
  const [exitCode] = await once(other, 'exit');
  assert.equal(exitCode, 0);
});

test('nobody is named who signed and was killed, or whose number is now that of another process', async (t) => {
  for (const signature of [
    { pid: 2 ** 22 + 1, startTicks: '1' },
    { pid: process.pid, startTicks: '1' },
    { pid: process.pid },
  ]) {
    const { events, file, session } = await openTrial(t);
    await writeFile(file, JSON.stringify({ command: 'blazeneuro build', sinceMs: 1, ...signature }));
    const other = await holdByOther(file);
    const waited = await lockStore(session);
    other.stdin?.end();
    await once(other, 'exit');
    assert.equal(waited.ok || waited.problem.kind, 'interrupted');
    assert.deepEqual(events, [{ type: 'store-waiting', store: session.storeRoot }]);
  }
});

test('the lock is taken when the other one gives it back', async (t) => {
  const { file, session } = await openTrial(t);
  const other = await holdByOther(file);
  const locking = lockStore({ ...session, emit: () => other.stdin?.end() });
  await using _lock = unwrap(await locking);
  assert.equal(JSON.parse(await readFile(file, 'utf8')).pid, process.pid);
});
