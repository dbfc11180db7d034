import { join } from 'node:path';
import { fail, type HostPath, ok, type Result } from '#base';
import { describeOutcome, type RunningProgram, readLines, startProgram } from '#process';
import { readHolder, signLock, unsignLock } from './lock-signature.ts';
import type { Session } from './session.ts';

/** Holds the store for one run; closing it gives it back. */
export type StoreLock = AsyncDisposable;

type LockingSession = Pick<Session, 'storeRoot' | 'emit' | 'signal'>;

/** What is over sooner than this is not worth a word. */
const PATIENCE_MS = 300;

/** Whoever has the lock signs at once; who has not after so many looks is another program. */
const MOST_LOOKS = 10;

/**
 * Takes the lock file in `$1`, and tells of it: `busy` when somebody else has it, `locked` once it is ours. 75 is what
 * flock ends with when it would have to wait; cat ends when we do.
 */
const HOLD = `
hold='echo locked; exec cat'
code=0
flock --exclusive --nonblock --conflict-exit-code 75 "$1" sh -c "$hold" || code=$?
if [ "$code" -ne 75 ]; then exit "$code"; fi
echo busy
exec flock --exclusive "$1" sh -c "$hold"
`;

/**
 * Takes the store's lock, waiting for another run that has it. A child holds it: the kernel gives it back when the
 * child ends, and the child ends with us, even after SIGKILL. The signal ends the waiting only: a run that is stopped
 * has the lock until it has wound up, and nobody else writes to the store before.
 */
export async function lockStore(session: LockingSession): Promise<Result<StoreLock>> {
  const file = join(session.storeRoot, 'lock');
  const program = startProgram({
    argv: ['sh', '-c', HOLD, 'lock', file],
    env: { PATH: '/usr/bin:/bin' },
    stdin: 'pipe',
    stdout: 'pipe',
    dieWithUs: true,
  });
  const isLocked = await waitForLock(session, file, program);
  const subject = session.storeRoot;
  if (session.signal.aborted) {
    await program.stop();
    return fail({ kind: 'interrupted', subject, message: 'Stopped before the store was free' });
  }
  if (isLocked) {
    const signed = signLock(session.storeRoot, file);
    if (signed.ok) return ok({ [Symbol.asyncDispose]: () => giveBack(file, program) });
    await program.stop();
    return signed;
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

/** Whether the lock is ours; it is not when the session was stopped meanwhile, or the program could not take it. */
async function waitForLock(
  session: LockingSession,
  file: HostPath,
  program: RunningProgram,
): Promise<boolean> {
  using waiting = new DisposableStack();
  const stop = (): void => void program.stop();
  session.signal.addEventListener('abort', stop);
  waiting.defer(() => session.signal.removeEventListener('abort', stop));
  for await (const line of readLines(program.stdout)) {
    if (line === 'locked') return true;
    if (line === 'busy') waiting.use(tellWaiting(session, file));
  }
  return false;
}

async function giveBack(file: HostPath, program: RunningProgram): Promise<void> {
  unsignLock(file);
  await program.stop();
}

/** Tells once who has the lock, as soon as that is known. Stops when its scope ends. */
function tellWaiting({ emit, storeRoot: store }: LockingSession, file: HostPath): Disposable {
  let looks = 0;
  const timer = setInterval(() => {
    looks += 1;
    const holder = readHolder(file);
    if (holder === undefined && looks < MOST_LOOKS) return;
    clearInterval(timer);
    emit({ type: 'store-waiting', store, ...(holder === undefined ? {} : { holder }) });
  }, PATIENCE_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
