/**
 * `npm run configure-answers [-- --write] [BUILD…]`: runs the configure of packages without the site file and compares
 * what they find out with the answers that recipes/config-site gives them. `--write` writes the answers anew, from
 * what all packages agree on. Needs a store in which the profile has been built. PROFILE names it (default minimal).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap } from '#base';
import { executeAction } from '#build';
import { knownKeys, lockStore, makePlan, openSession, sandboxHost } from '#cli';
import { builtProfileFlags } from '../built-profile.ts';
import { COLLECT_LOGS, logCollectingStore } from './log-collecting-store.ts';
import { contradictions, type Findings, sharedAnswers } from './shared-answers.ts';
import { readSiteFile, writeSiteFile } from './site-file.ts';

const SITE_FILE = join(import.meta.dirname, '../../recipes/config-site/files/config.site');
const words = process.argv.slice(2);
const wanted = words.filter((word) => !word.startsWith('-'));
const flags = builtProfileFlags();

const session = unwrap(await openSession(flags, () => {}, new AbortController().signal));
const plan = unwrap(await makePlan(session, ['image']));
const host = unwrap(await sandboxHost(session));
await using _lock = unwrap(await lockStore(session));
const states = await knownKeys(plan, session.store);

const findings: Findings[] = [];
const store = logCollectingStore(session.store, (found) => findings.push(found));
let failed = 0;
for (const [name, planned] of plan.builds) {
  // Natively only: what a cross build cannot try, it guesses.
  if (planned.action.sandbox !== 'chroot' || (wanted.length > 0 && !wanted.includes(name))) continue;
  const key = states.get(name)?.key;
  const needs = planned.needs.map((need) => states.get(need)?.record?.artifact);
  const phases = planned.action.phases.filter((phase) => ['prepare', 'configure'].includes(phase.name));
  if (!phases.some((phase) => phase.name === 'configure')) continue;
  if (key === undefined || !needs.every((need) => need !== undefined)) {
    console.log(`skipped ${name}: what it needs has not been built`);
    continue;
  }
  const action = {
    ...planned.action,
    env: { ...planned.action.env, CONFIG_SITE: '/dev/null' },
    phases: [...phases, { name: 'collect', script: COLLECT_LOGS }],
  };
  const result = await executeAction({ ...planned, action }, key, needs, {
    store,
    host,
    jobs: flags.jobs,
    logsFolder: join(session.logs, 'configure-answers'),
    emit: () => {},
    sourceDateEpoch: session.sourceDateEpoch,
  });
  console.log(`${result.ok ? 'asked' : 'FAILED'} ${name}`);
  if (!result.ok) failed += 1;
}

const text = await readFile(SITE_FILE, 'utf8');
if (words.includes('--write') && findings.length > 0) {
  const answers = sharedAnswers(findings);
  await writeFile(SITE_FILE, writeSiteFile(text, answers));
  console.log(`${answers.length} answers written`);
} else {
  const wrong = contradictions(readSiteFile(text), findings);
  for (const line of wrong) console.log(line);
  console.log(`${findings.length} configures asked, ${wrong.length} answers differ`);
  failed += wrong.length;
}
if (findings.length === 0) {
  console.log('No configure was asked: build the profile first.');
  failed += 1;
}
process.exitCode = failed > 0 ? 1 : 0;
