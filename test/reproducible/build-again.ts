/**
 * Builds one build again, in the surroundings that it is started in, on top of what the store has, and compares what
 * comes out with what the store has of it. Arguments: the build, a folder to work in, a folder to keep what differs.
 */
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostPath, unwrap } from '#base';
import { executeAction } from '#build';
import { knownKeys, makePlan, openSession, sandboxHost } from '#cli';
import { builtProfileFlags } from '../built-profile.ts';
import { comparingStore, type Difference } from './compare-store.ts';
import { lookAround, type Seen } from './seen.ts';

/** What it says on stdout. */
export type BuildAnswer = {
  readonly outcome: 'same' | 'differs' | 'failed' | 'skipped';
  readonly message?: string;
  readonly difference?: Difference;
  readonly seen: Seen;
};

const [name = '', workFolder = '', keepFolder = ''] = process.argv.slice(2);
const answer: BuildAnswer = { ...(await buildAgain()), seen: await lookAround(workFolder, []) };
process.stdout.write(JSON.stringify(answer));

async function buildAgain(): Promise<Omit<BuildAnswer, 'seen'>> {
  const session = unwrap(await openSession(builtProfileFlags(), () => {}, new AbortController().signal));
  const plan = unwrap(await makePlan(session, ['image']));
  const states = await knownKeys(plan, session.store);
  const planned = plan.builds.get(name);
  const { key, record } = states.get(name) ?? {};
  const needs = planned?.needs.map((need) => states.get(need)?.record?.artifact) ?? [];
  if (planned === undefined) return { outcome: 'skipped', message: 'the profile has no such build' };
  if (key === undefined || record === undefined || !needs.every((need) => need !== undefined)) {
    return { outcome: 'skipped', message: 'it has not been built once' };
  }
  const differences: Difference[] = [];
  const store = comparingStore(session.store, keep, (difference) => differences.push(difference));
  const result = await executeAction(planned, key, needs, {
    store: { ...store, stagingFolder: () => mkdtemp(join(workFolder, 'run-')) },
    host: unwrap(await sandboxHost(session)),
    // Another number of compilers at once: what depends on their order shows.
    jobs: 3,
    logsFolder: join(session.logs, 'reproducible'),
    emit: () => {},
    sourceDateEpoch: session.sourceDateEpoch,
  });
  const [difference] = differences;
  if (!result.ok) return { outcome: 'failed', message: result.problem.message };
  return difference === undefined ? { outcome: 'same' } : { outcome: 'differs', difference };
}

async function keep(build: string, tree: HostPath): Promise<HostPath> {
  const kept = join(keepFolder, build.replaceAll('/', '.'));
  await mkdir(keepFolder, { recursive: true });
  await cp(tree, kept, { recursive: true, verbatimSymlinks: true });
  return kept;
}
