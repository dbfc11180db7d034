/** The package's own tests: their sandbox, their verdict, and what they leave. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { unwrap } from '#base';
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

  it('run apart: nothing that they started is left when what ships is installed', async () => {
    await using bench = await openBench();
    const held = 'flock -n /build/lock true';
    const check = `flock /build/lock sleep 60 & while ${held}; do sleep 0.1; done; echo $HOME \${OUT-and no OUT} > /build/home`;
    const install = `${held}; cat /build/home; : > $OUT/x`;
    const made = unwrap(await bench.build(toy({ phases: { install }, check }), [], { check: true }));
    assert.equal(made.checkPassed, true);
    assert.match(
      await readFile(join(bench.folder, 'logs/final/toy.log'), 'utf8'),
      /==> install\n\/build and no OUT\n/,
    );
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
