import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, type HostPath, isErrno, isNoSpace, ok, type Result } from '#base';
import { describeOutcome, readLines, startProgram } from '#process';
import { unusable } from '#store';
import type { Session } from './session.ts';

/** Holds the store for one run; closing it gives it back. */
export type StoreLock = AsyncDisposable;

/** Who has the store, as its lock file says: only to be told, since the kernel alone knows who really has it. */
type Holder = { readonly pid: number; readonly command: string; readonly sinceMs: number };

/** What is over sooner than this is not worth a word. */
const PATIENCE_MS = 300;

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
  const waiting = setTimeout(() => tellWaiting(session, file), PATIENCE_MS);
  let locked = false;
  for await (const line of readLines(program.stdout)) {
    locked = line === 'locked';
    break;
  }
  clearTimeout(waiting);
  if (locked) {
    const signed = signLock(session.storeRoot, file);
    if (signed.ok) return ok({ [Symbol.asyncDispose]: async () => void (await program.stop()) });
    await program.stop();
    return signed;
  }
  const subject = session.storeRoot;
  if (session.signal.aborted) {
    return fail({ kind: 'interrupted', subject, message: 'Stopped before the store was free' });
  }
  const ended = await program.ended;
  return fail({
    kind: 'store-busy',
    subject,
    message: `The store ${session.storeRoot} could not be locked: ${describeOutcome(ended)}`,
    details: ended.stderr.split('\n').filter((line) => line !== ''),
    hint: 'flock of util-linux is needed, and a folder that we may write to: blazeneuro doctor',
  });
}

function tellWaiting({ emit, storeRoot }: Session, file: HostPath): void {
  const holder = readHolder(file);
  emit({ type: 'store-waiting', store: storeRoot, ...(holder === undefined ? {} : { holder }) });
}

function readHolder(file: HostPath): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch (error) {
    // Whoever has it has just got it, or could not write: then nobody knows more than that.
    if (error instanceof SyntaxError || isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Says in the lock file who has it. This is also the first write of a run: what cannot be written to is told here. */
function signLock(root: HostPath, file: HostPath): Result<void> {
  const command = ['blazeneuro', ...process.argv.slice(2)].join(' ');
  const holder: Holder = { pid: process.pid, command, sinceMs: Date.now() };
  try {
    writeFileSync(file, `${JSON.stringify(holder)}\n`);
  } catch (error) {
    if (['EROFS', 'EACCES', 'EPERM'].some((code) => isErrno(error, code))) return unusable(root, error);
    // Collecting garbage has to go on where not even this fits.
    if (!isNoSpace(error)) throw error;
  }
  return ok(undefined);
}
