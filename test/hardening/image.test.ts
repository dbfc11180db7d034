/**
 * Every file of the root file system, as the store has it: hardened, within the x86-64 baseline, without rights that nobody
 * listed, and without a trace of the machine that built it. What is put up with stands in the lists beside, with reasons.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { notBuilt, openBuiltProfile, PROFILES, rootEntries } from './built-profile.ts';
import { judgeFindings, readWaivers, scanRoot, type Waiver } from './scan.ts';
import { buildMachineNeedles } from './traces.ts';

const readList = (name: string) => readWaivers(readFileSync(join(import.meta.dirname, name), 'utf8'));
const waivers = readList('waivers.tsv');
const chosenAtRunTime = readList('chosen-at-run-time.tsv');
const rights = readList('rights.tsv');

test('at most five faults are put up with, and at most six programs run as root for others', () => {
  assert.ok(waivers.length <= 5);
  assert.ok(rights.length <= 6);
  assert.ok(chosenAtRunTime.every(({ rule }) => rule === 'chosen-at-run-time'));
});

for (const name of PROFILES) {
  const profile = await openBuiltProfile(name);
  const skip = notBuilt(profile, profile.session.project.profile.packages);

  test(`no file of ${name} has a fault that is not listed, and the lists name nothing else`, {
    skip,
  }, async () => {
    const entries = await rootEntries(profile);
    const needles = buildMachineNeedles(profile.session.storeRoot);
    const findings = await scanRoot(entries, needles);
    const { unexpected, unused } = judgeFindings(findings, [...waivers, ...chosenAtRunTime, ...rights]);
    assert.deepEqual(
      unexpected.map(({ path, rule, detail }) => `${path}: ${rule}: ${detail}`),
      [],
    );
    // The lists are for all profiles: what a profile does not have, it needs no line for.
    const isHere = ({ paths }: Waiver) => entries.some(({ entry }) => posix.matchesGlob(entry.path, paths));
    assert.deepEqual(unused.filter(isHere), []);
  });
}
