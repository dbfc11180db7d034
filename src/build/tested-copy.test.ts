/** The copy that a package's own tests run on, end to end: as root and as an ordinary user. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { unwrap } from '#base';
import { Jobserver } from '#jobserver';
import { defaultLimits } from './limits.ts';
import { makeTestedCopy } from './tested-copy.ts';
import { type Bench, beginBuild, openBench, problemIn, toy, whyNoBuilds } from './testing.ts';
import { failedFolder } from './workplace.ts';

const skip = whyNoBuilds();

describe('the copy that tests run on', { skip }, () => {
  it('is made whatever a build closed to itself, and has its modes', async () => {
    await using bench = await openBench();
    const seat = new Jobserver(2).takeSeat(1);
    assert.ok(seat !== undefined);
    const build = `echo a > secret; chmod 000 secret; mkdir -p closed/in; chmod 000 closed
mkdir narrow; : > narrow/file; chmod 555 narrow /build`;
    const check =
      'test "$(stat -c %a secret closed narrow /build | xargs)" = "0 0 555 555"; test -p /build/jobserver';
    const planned = toy({ phases: { build, install: 'stat -c %a secret > $OUT/x' }, check });
    const made = unwrap(await bench.build(planned, [], { check: true, seat }));
    assert.equal(made.checkPassed, true);
    assert.equal(await readFile(join(bench.store.treePath(made.artifact), 'x'), 'utf8'), '0\n');
  });

  it('is kept where tests that failed have closed it', async () => {
    await using bench = await openBench();
    const seat = new Jobserver(2).takeSeat(1);
    assert.ok(seat !== undefined);
    const check =
      'rm /build/jobserver; mkdir -p /build/jobserver/in; chmod 555 /build/jobserver /build; false';
    const planned = toy({ phases: { install: ': > $OUT/x' }, check: `echo seen > trace; ${check}` });
    const made = unwrap(await bench.build(planned, [], { check: true, seat }));
    assert.equal(made.checkPassed, false);
    const work = join(await failedFolder('final/toy', bench.store), 'work');
    assert.equal(await readFile(join(work, 'source/trace'), 'utf8'), 'seen\n');
    assert.ok(!(await readdir(work)).includes('jobserver'));
  });

  it('has what a build put in the place of the fifo, of which nothing is left', async () => {
    for (const put of ['echo mine > $it', 'mkdir -p $it/in; chmod 500 $it/in $it', 'ln -s source $it']) {
      await using bench = await openBench();
      const jobserver = new Jobserver(2);
      const seat = jobserver.takeSeat(1);
      assert.ok(seat !== undefined);
      const build = `it=/build/jobserver; rm $it; ${put}`;
      const check = 'test -e /build/jobserver; test ! -p /build/jobserver; false';
      const planned = toy({ phases: { build, install: ': > $OUT/x' }, check });
      const made = unwrap(await bench.build(planned, [], { check: true, seat }));
      assert.equal(made.checkPassed, false, put);
      assert.ok(
        !(await readdir(join(await failedFolder('final/toy', bench.store), 'work'))).includes('jobserver'),
      );
      assert.equal(jobserver.free, 2);
    }
  });

  it("has a build's own file of the fifo's name, which stays", async () => {
    await using bench = await openBench();
    const planned = toy({ phases: { build: 'echo mine > /build/jobserver', install: ': > $OUT/x' } });
    const check = 'test "$(cat /build/jobserver)" = mine; false';
    unwrap(await bench.build({ ...planned, check }, [], { check: true }));
    const kept = await failedFolder('final/toy', bench.store);
    assert.equal(await readFile(join(kept, 'work/jobserver'), 'utf8'), 'mine\n');
  });

  it('is gone before the installation once the tests passed', async () => {
    for (const [check, isThere] of [
      ['true', false],
      ['false', true],
    ] as const) {
      await using bench = await openBench();
      const seen: boolean[] = [];
      const emit: typeof bench.options.emit = (event) => {
        if (event.type === 'phase-started' && event.phase === 'install') seen.push(...copies(bench));
      };
      const planned = toy({ phases: { install: ': > $OUT/x' }, check });
      unwrap(await bench.build(planned, [], { check: true, emit }));
      assert.deepEqual(seen, [isThere], check);
    }
  });

  it('is not kept beside what failed after it', async () => {
    await using bench = await openBench();
    const planned = toy({ phases: { install: 'false' }, check: 'false' });
    problemIn(await bench.build(planned, [], { check: true }));
    const kept = await failedFolder('final/toy', bench.store);
    assert.ok((await stat(join(kept, 'work'))).isDirectory());
    assert.ok(!existsSync(join(kept, 'tested')));
  });
});

describe('copying for the tests', { skip }, () => {
  it('ends when the build is interrupted, which is no failure of it', async () => {
    await using bench = await openBench();
    const options = { ...bench.options, signal: AbortSignal.abort() };
    await using begun = await beginBuild(toy({}), options);
    assert.equal(problemIn(await makeTestedCopy(begun.execution)).kind, 'interrupted');
  });

  it('ends with the time of the build', async () => {
    await using bench = await openBench();
    const options = { ...bench.options, limits: { ...defaultLimits(), timeMs: 1 } };
    await using begun = await beginBuild(toy({}), options);
    const problem = problemIn(await makeTestedCopy(begun.execution));
    assert.equal(problem.kind, 'time-limit');
    assert.match(problem.message, /phase check: it ran longer/);
  });

  it('that fails is in the log', async () => {
    await using bench = await openBench();
    await using begun = await beginBuild(toy({}), bench.options);
    const { place } = begun.execution;
    await rename(place.work, join(place.root, 'elsewhere'));
    const problem = problemIn(await makeTestedCopy(begun.execution));
    assert.equal(problem.kind, 'phase-failed');
    assert.match(problem.details?.at(-1) ?? '', /^cp: .*No such file or directory$/);
    assert.equal(problem.place, place.log);
  });
});

/** Whether each workplace of a bench has a copy. */
function copies({ folder }: Bench): boolean[] {
  const staging = join(folder, 'store/staging');
  return readdirSync(staging).map((name) => existsSync(join(staging, name, 'tested')));
}
