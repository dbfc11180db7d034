import { type Digest, exitCodeOf, fail, formatBytes, ok, type Result } from '#base';
import { type Action, actionKey } from '#plan';
import { clearStaging, faultProblem, repairStore, type StoreVerdict, verifyStore } from '#store';
import type { Handler } from './run-command.ts';
import type { Session } from './session.ts';
import { lockStore } from './store-lock.ts';

/** `store verify [--repair]`: checks every entry by content; with `--repair`, sets what is damaged aside. */
export function storeVerifyCommand(repair: boolean): Handler {
  return (session) => (repair ? repairAll(session) : verify(session));
}

/** A build beside it does no harm: nothing that stands is changed, and what is new appears whole. */
async function verify(session: Session): Promise<Result<number>> {
  const verdict = await verifyAll(session);
  if (session.signal.aborted) return stopped(session);
  const hint = 'Set it aside, so that the next build makes it anew: blazeneuro store verify --repair';
  for (const fault of verdict.faults) session.emit({ type: 'problem', problem: faultProblem(fault, hint) });
  return conclude(session, verdict, 0);
}

async function repairAll(session: Session): Promise<Result<number>> {
  const locked = await lockStore(session);
  if (!locked.ok) return locked;
  await using _lock = locked.value;
  await clearStaging(session.storeRoot);
  const verdict = await verifyAll(session);
  if (session.signal.aborted) return stopped(session);
  const places = await repairStore(session.storeRoot, verdict.faults);
  for (const [at, fault] of verdict.faults.entries()) {
    const hint = `It lies in ${places[at]} now; the next build makes it anew`;
    session.emit({ type: 'problem', problem: faultProblem(fault, hint) });
  }
  return conclude(session, verdict, places.length);
}

async function verifyAll({ emit, storeRoot, signal }: Session): Promise<StoreVerdict> {
  const startedAtMs = performance.now();
  const step = 'verify the store';
  emit({ type: 'step-started', step });
  const verdict = await verifyStore(storeRoot, { keyOf: keyOfInputs, signal });
  const durationMs = Math.round(performance.now() - startedAtMs);
  emit({ type: 'step-finished', step, durationMs, detail: formatBytes(verdict.sizeBytes) });
  return verdict;
}

function stopped({ storeRoot: subject }: Session): Result<never> {
  return fail({ kind: 'interrupted', subject, message: 'Stopped before all of the store was looked at' });
}

/** What was found wrong makes the command fail, also when it was repaired: somebody has to look at that disk. */
function conclude(session: Session, verdict: StoreVerdict, repaired: number): Result<number> {
  const { artifacts, blobs, records, sizeBytes, faults } = verdict;
  if (session.flags.json) {
    const counts = { artifacts, blobs, records, sizeBytes, damaged: faults.length, repaired };
    process.stdout.write(`${JSON.stringify({ type: 'store-verified', ...counts })}\n`);
  } else {
    const what = `${artifacts} artifacts, ${blobs} sources, ${records} records, ${formatBytes(sizeBytes)}`;
    const bad = faults.length === 0 ? 'all is as it was written' : `${faults.length} damaged`;
    const aside = repaired === 0 ? '' : `, all of them set aside`;
    process.stdout.write(`${what}: ${bad}${aside}\n`);
  }
  return ok(faults.length === 0 ? 0 : exitCodeOf('store-damaged'));
}

/** What a record keeps of its key; `order` is how the needs were stacked, which JSON's own order does not tell. */
type RecordInputs = {
  readonly action: Action;
  readonly needs: Readonly<Record<string, Digest>>;
  readonly order: readonly string[];
};

/** The key that a record's inputs give; undefined when they do not say in which order the needs were stacked. */
function keyOfInputs(inputs: unknown): Digest | undefined {
  const { action, needs, order } = (inputs ?? {}) as Partial<RecordInputs>;
  if (action === undefined || needs === undefined) return undefined;
  const names = order ?? Object.keys(needs);
  // With two needs and more there is more than one order.
  if (order === undefined && names.length > 1) return undefined;
  const digests = names.map((name) => needs[name]);
  return digests.every((digest) => digest !== undefined) ? actionKey(action, digests) : undefined;
}
