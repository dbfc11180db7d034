/** The package's own tests: their sandbox, their verdict, and what they leave. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { unwrap } from '#base';
import { Jobserver } from '#jobserver';
import { executeAction } from './execute-action.ts';
import { openBench, problemIn, toy, whyNoBuilds } from './testing.ts';
import { verdictOf } from './verdict.ts';
import { failedFolder } from './workplace.ts';

const skip = whyNoBuilds();

describe("the package's own tests", { skip }, () => {
  const phases = { build: 'echo built', install: 'echo installed; : > $OUT/x' };

  it('do not run unless they are asked for', async () => {
    await using bench = await openBench();
    const made = unwrap(await bench.build(toy({ phases, check: 'exit 1' })));
    assert.equal(made.checkPassed, undefined);
    assert.ok(!bench.events.some(({ type }) => type === 'check-finished'));
  });

  it('run between build and install, and their verdict is kept', async () => {
    await using bench = await openBench();
    const made = unwrap(await bench.build(toy({ phases, check: 'echo checked' }), [], { check: true }));
    assert.equal(made.checkPassed, true);
    assert.equal((await bench.store.lookUp(made.key))?.checkPassed, true);
    const log = join(bench.folder, 'logs/final/toy.log');
    assert.match(
      await readFile(log, 'utf8'),
      /built\n\n==> done\n\n==> check\nchecked\n\n==> done\n\n==> install\ninstalled/,
    );
    const verdicts = bench.events.filter(({ type }) => type === 'check-finished');
    assert.deepEqual(verdicts, [{ type: 'check-finished', build: 'final/toy', passed: true, log }]);
  });

  it('that fail are a verdict: the artifact is made all the same, and is the same', async () => {
    await using bench = await openBench();
    const without = unwrap(await bench.build(toy({ phases })));
    // What stands last succeeds: a failure in the middle must count.
    const made = unwrap(await bench.build(toy({ phases, check: 'false\ntrue' }), [], { check: true }));
    assert.equal(made.checkPassed, false);
    assert.equal(made.artifact, without.artifact);
    assert.equal(made.key, without.key);
  });

  it('that failed leave what they ran in, with an empty $OUT; and it is gone once they pass', async () => {
    await using bench = await openBench();
    const planned = toy({ phases, check: 'echo seen > trace; false' });
    unwrap(await bench.build(planned, [], { check: true }));
    const kept = await failedFolder('final/toy', bench.store);
    assert.equal(await readFile(join(kept, 'work/source/trace'), 'utf8'), 'seen\n');
    assert.deepEqual(await readdir(join(kept, 'out')), []);
    unwrap(await bench.build({ ...planned, check: 'true' }, [], { check: true }));
    await assert.rejects(readdir(kept), { code: 'ENOENT' });
  });

  it('change nothing of what ships: they run on a copy', async () => {
    await using bench = await openBench();
    const building = { build: 'echo built > thing; ln -s thing link', install: 'cat link > $OUT/x' };
    const without = unwrap(await bench.build(toy({ phases: building })));
    const check = 'test "$(cat link)" = built; test "$PWD" = /build/source; echo tested > thing; rm link';
    for (const tests of [check, `${check}; false`]) {
      const made = unwrap(await bench.build(toy({ phases: building, check: tests }), [], { check: true }));
      assert.equal(made.checkPassed, tests === check);
      assert.equal(made.artifact, without.artifact);
    }
    const kept = await failedFolder('final/toy', bench.store);
    assert.equal(await readFile(join(kept, 'work/source/thing'), 'utf8'), 'tested\n');
    assert.deepEqual(
      (await readdir(kept)).filter((name) => name === 'tested'),
      [],
    );
  });

  it('take tokens like the build, although they run on a copy, and leave no fifo to wait at', async () => {
    await using bench = await openBench();
    const jobserver = new Jobserver(3);
    const seat = jobserver.takeSeat(1);
    assert.ok(seat !== undefined);
    const check = `echo 'all: a b c; @cat $(wildcard seen-*) > seen
a b c: ; @: > seen-$@; until [ -e seen-a -a -e seen-b -a -e seen-c ]; do sleep 0.01; done' > Makefile
timeout 30 make; false`;
    unwrap(await bench.build(toy({ phases, check }), [], { check: true, seat }));
    const work = join(await failedFolder('final/toy', bench.store), 'work');
    assert.ok((await readdir(join(work, 'source'))).includes('seen'));
    assert.ok(!(await readdir(work)).includes('jobserver'));
    assert.equal(jobserver.free, 3);
  });

  it('run apart: nothing that they started is left when what ships is installed, nor what they wrote', async () => {
    await using bench = await openBench();
    const nap = `sleep ${60 + process.pid / 1e7}`;
    const left: string[] = [];
    const emit: typeof bench.options.emit = (event) => {
      if (event.type !== 'phase-started' || event.phase !== 'install') return;
      left.push(spawnSync('pgrep', ['-fx', nap], { encoding: 'utf8' }).stdout);
    };
    const check = `setsid ${nap} & until pgrep -fx '${nap}'; do sleep 0.1; done; : > /out/tested; : > /build/tested`;
    const install = 'test ! -e /build/tested; : > $OUT/x';
    const made = unwrap(await bench.build(toy({ phases: { install }, check }), [], { check: true, emit }));
    assert.equal(made.checkPassed, true);
    assert.deepEqual(left, ['']);
    assert.deepEqual(await readdir(bench.store.treePath(made.artifact)), ['x']);
  });

  it('see a home of their own, and no $OUT', async () => {
    await using bench = await openBench();
    const check = `test "$HOME" = /build; test -w "$HOME"; test -z "\${OUT-}"`;
    const made = unwrap(await bench.build(toy({ phases, check }), [], { check: true }));
    assert.equal(made.checkPassed, true);
  });

  it('have a verdict with its time, for the tests as they stand', async () => {
    await using bench = await openBench();
    const planned = toy({ phases, check: 'true' });
    const before = Date.now();
    const made = unwrap(await bench.build(planned, [], { check: true }));
    const verdict = verdictOf(planned, made);
    assert.equal(verdict?.passed, true);
    assert.ok(verdict.atMs >= before && verdict.atMs <= Date.now());
    assert.equal(verdictOf({ check: 'true; true' }, made), undefined);
    assert.equal(verdictOf({ check: undefined }, made), undefined);
  });

  it('keep their verdict when the same artifact is built again without them, and no other', async () => {
    await using bench = await openBench();
    const planned = toy({ phases, check: 'true' });
    const tested = unwrap(await bench.build(planned, [], { check: true }));
    const again = unwrap(await bench.build(planned));
    assert.deepEqual(verdictOf(planned, again), verdictOf(planned, tested));
    // The same key, and by chance other bytes.
    const { key } = tested;
    const other = toy({ phases: { install: 'echo other > $OUT/x' }, check: 'true' });
    const changed = unwrap(await executeAction(other, key, [], bench.options));
    assert.equal(changed.checkPassed, undefined);
  });

  it('cannot hide a failure of what comes after them', async () => {
    await using bench = await openBench();
    const broken = toy({ phases: { install: 'false\ntrue' }, check: 'true' });
    assert.match(problemIn(await bench.build(broken, [], { check: true })).message, /phase install/);
  });
});
