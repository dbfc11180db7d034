import { join } from 'node:path';
import { fail, ok, type Result } from '#base';
import { describeOutcome, readLines, startProgram } from '#process';
import type { Session } from './session.ts';

/** Holds the store for one run; closing it gives it back. */
export type StoreLock = AsyncDisposable;

/**
 * Takes the store's lock, waiting for another run that has it. A child holds it: the kernel gives it back when the
 * child ends, and the child ends with us, even after SIGKILL.
 */
export async function lockStore(session: Session): Promise<Result<StoreLock>> {
  const file = join(session.storeRoot, 'lock');
  const program = startProgram({
    argv: ['flock', '--exclusive', file, 'sh', '-c', 'echo locked; exec cat'],
    env: { PATH: '/usr/bin:/bin' },
    stdin: 'pipe',
    stdout: 'pipe',
    signal: session.signal,
    dieWithUs: true,
  });
  const waiting = setTimeout(() => {
    const message = `Waiting for another run that uses the store ${session.storeRoot}`;
    session.emit({ type: 'note', level: 'info', message });
  }, 300);
  let locked = false;
  for await (const line of readLines(program.stdout)) {
    locked = line === 'locked';
    break;
  }
  clearTimeout(waiting);
  if (locked) return ok({ [Symbol.asyncDispose]: async () => void (await program.stop()) });
  const subject = session.storeRoot;
  if (session.signal.aborted) {
    return fail({ kind: 'interrupted', subject, message: 'Stopped before the store was free' });
  }
  return fail({
    kind: 'store-busy',
    subject,
    message: `The store ${session.storeRoot} could not be locked: ${describeOutcome(await program.ended)}`,
    hint: 'flock of util-linux is needed: blazeneuro doctor',
  });
}
