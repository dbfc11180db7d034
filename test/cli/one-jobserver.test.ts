import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openRig, type Rig, type Run } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

/** Each recipe of this makefile notes when it began and when it ended; half of them run in a make of its own. */
function building(name: string, recipes: number): string {
  const targets = (prefix: string) => Array.from({ length: recipes / 2 }, (_, at) => prefix + at).join(' ');
  return `cat >Makefile <<'END'
all: ${targets('a')} nested
nested: ; @$(MAKE) --no-print-directory inner
inner: ${targets('b')}
${targets('a')} ${targets('b')}: ; @bash -c 's=$$EPOCHREALTIME; sleep 0.05; echo $$s $$EPOCHREALTIME >>times'
END
make >said 2>&1
[ ! -s said ]
mkdir -p $OUT/usr/share
mv times $OUT/usr/share/${name}.times`;
}

describe('builds that run side by side', () => {
  for (const { jobs, builds, recipes } of [
    { jobs: 1, builds: 3, recipes: 4 },
    { jobs: 3, builds: 4, recipes: 20 },
    { jobs: 16, builds: 20, recipes: 10 },
  ]) {
    test(`run at most ${jobs} compilers, ${builds} builds with make`, async () => {
      await using rig = await openRig();
      await writeToyProfile(rig);
      const names = Array.from({ length: builds }, (_, at) => `toy${at}`);
      for (const name of names) await writeToy(rig, name, { build: building(name, recipes) });
      const targets = names.map((name) => `system/${name}`);
      const run = await rig.run(...toyWords(rig), 'build', ...targets, '--jobs', String(jobs), '--json');
      assert.equal(run.exitCode, 0, run.stderr);
      const times = await readTimes(rig, run);
      assert.equal(times.length, builds * recipes);
      assert.ok(mostAtOnce(times) <= jobs, `${mostAtOnce(times)} ran at once`);
      // Without the jobserver of all builds, each would run one alone.
      if (jobs === 3) assert.equal(mostAtOnce(times), 3);
    });
  }

  test('go on when the make of one is killed', async () => {
    await using rig = await openRig();
    await writeToyProfile(rig);
    await writeToy(rig, 'killed', { build: `echo 'all: a b c; @kill -9 $$PPID' >Makefile\nmake` });
    await writeToy(rig, 'other', { build: building('other', 10) });
    const words = ['build', 'system/killed', 'system/other', '--jobs', '2', '--keep-going', '--json'];
    const run = await rig.run(...toyWords(rig), ...words);
    assert.equal(run.exitCode, 1, run.stderr);
    assert.equal((await readTimes(rig, run)).length, 10);
  });
});

type Interval = { readonly from: number; readonly to: number };

async function readTimes(rig: Rig, { events }: Run): Promise<Interval[]> {
  const times: Interval[] = [];
  for (const event of events) {
    if (event.type !== 'action-finished' || event.artifact === undefined) continue;
    const name = event.build.split('/').at(-1);
    const path = join(rig.store, 'artifacts', event.artifact, 'tree/usr/share', `${name}.times`);
    for (const line of (await readFile(path, 'utf8')).trimEnd().split('\n')) {
      const [from = 0, to = 0] = line.split(' ').map(Number);
      times.push({ from, to });
    }
  }
  return times;
}

/** How many intervals overlap where most do. */
function mostAtOnce(times: readonly Interval[]): number {
  return Math.max(
    ...times.map(({ from }) => times.filter((other) => other.from <= from && from < other.to).length),
  );
}
