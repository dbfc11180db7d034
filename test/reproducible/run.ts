/**
 * `npm run test:reproducible [-- BUILD…]`: builds every artifact of a profile a second time, on top of the first
 * ones, and names those whose bytes differ. Needs a store in which the profile has been built.
 * PROFILE names the profile (default minimal); `-- BUILD…` limits it to some builds.
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { formatDuration, unwrap } from '#base';
import { executeAction } from '#build';
import { knownKeys, lockStore, makePlan, openSession, sandboxHost } from '#cli';
import { builtProfileFlags } from '../built-profile.ts';
import { comparingStore, type Difference } from './compare-store.ts';

const wanted = process.argv.slice(2);
const flags = builtProfileFlags();

const session = unwrap(await openSession(flags, () => {}, new AbortController().signal));
const plan = unwrap(await makePlan(session, ['image']));
const host = unwrap(await sandboxHost(session));
await using _lock = unwrap(await lockStore(session));
const states = await knownKeys(plan, session.store);

const keepFolder = resolve('out', 'not-reproducible');
await rm(keepFolder, { recursive: true, force: true });
const differences: Difference[] = [];
const store = comparingStore(
  session.store,
  async (build, tree) => {
    const kept = join(keepFolder, build.replaceAll('/', '.'));
    await mkdir(keepFolder, { recursive: true });
    await cp(tree, kept, { recursive: true, verbatimSymlinks: true });
    return kept;
  },
  (difference) => differences.push(difference),
);

let passed = 0;
let failed = 0;
let skipped = 0;
for (const [name, planned] of plan.builds) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const key = states.get(name)?.key;
  const needs = planned.needs.map((need) => states.get(need)?.record?.artifact);
  if (
    key === undefined ||
    states.get(name)?.record === undefined ||
    !needs.every((need) => need !== undefined)
  ) {
    console.log(`skipped ${name}: it has not been built once`);
    skipped += 1;
    continue;
  }
  const startedAtMs = performance.now();
  const before = differences.length;
  const result = await executeAction(planned, key, needs, {
    store,
    host,
    // Another number of compilers at once: what depends on their order shows.
    jobs: 3,
    logsFolder: join(session.logs, 'reproducible'),
    emit: () => {},
    sourceDateEpoch: session.sourceDateEpoch,
  });
  const difference = differences.length > before ? differences.at(-1) : undefined;
  if (!result.ok) {
    console.log(`FAILED ${name}: ${result.problem.message}`);
    failed += 1;
  } else if (difference !== undefined) {
    console.log(`DIFFERS ${name}: ${difference.paths.length} paths (kept in ${difference.kept})`);
    for (const path of difference.paths.slice(0, 10)) console.log(`    ${path}`);
    failed += 1;
  } else {
    console.log(`same ${name} (${formatDuration(Math.round(performance.now() - startedAtMs))})`);
    passed += 1;
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
