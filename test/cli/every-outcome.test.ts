import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { lastEvent, openRig, outcomes, type Rig } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

let rig: Rig;
before(async () => {
  rig = await openRig();
  await writeToyProfile(rig);
  await writeToy(rig, 'toy');
});
after(() => rig[Symbol.asyncDispose]());

const build = (...words: string[]) => rig.run(...toyWords(rig), 'build', '--json', 'system/toy', ...words);

/** The toy with tests of its own, which come out as the text does. */
const writeChecked = (check: string) =>
  rig.write(
    'recipes/toy/recipe.ts',
    `import { defineRecipe, script, sh } from 'blazeneuro/recipe';
     export default defineRecipe({
       name: 'toy', license: 'MIT', sources: {},
       builds: { system: script({
         sandbox: 'cross', base: 'none', check: sh\`${check}\`, install: sh\`echo toy > $OUT/toy\`,
       }) },
     });`,
  );

describe('a run ends with `finished`', () => {
  test('where it could not begin: after the problem', async () => {
    for (const [words, kind] of [
      [['--rebuild', 'system/nowhere'], 'unknown-target'],
      [['--profile', 'nowhere'], 'unknown-profile'],
    ] as const) {
      const run = await build(...words);
      assert.equal(run.exitCode, 2, run.stderr);
      assert.deepEqual(
        run.events.map(({ type }) => type),
        ['problem', 'finished'],
      );
      assert.equal(lastEvent(run, 'problem').problem.kind, kind);
      assert.equal(lastEvent(run, 'finished').ok, false);
    }
  });

  test('where it was stopped while it waited for another run', async () => {
    // The test itself is the other run.
    await build();
    // With nothing to do there would be nothing to wait for.
    await writeToy(rig, 'toy', { build: 'echo another build' });
    const other = spawn('flock', [join(rig.store, 'lock'), 'sh', '-c', 'echo held; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    try {
      const run = rig.start(...toyWords(rig), 'build', '--json', 'system/toy');
      assert.ok(run.child.stdout !== null);
      for await (const line of createInterface({ input: run.child.stdout })) {
        if (line.includes('store-waiting')) break;
      }
      run.child.kill('SIGINT');
      const { exitCode, stderr } = await run.ended;
      assert.equal(exitCode, 130, stderr);
      assert.match(stderr, /Stopped before the store was free/);
    } finally {
      other.stdin.end();
    }
    assert.match(
      (await rig.read('logs/events.jsonl')).trimEnd().split('\n').at(-1) ?? '',
      /"finished","ok":false/,
    );
    assert.equal((await build()).exitCode, 0);
  });
});

test("--check runs the package's own tests until they pass, and keeps the verdict", async () => {
  await writeChecked('false');
  const failed = await build('--check');
  assert.equal(failed.exitCode, 1, failed.stderr);
  assert.equal(outcomes(failed)['system/toy'], 'built');
  assert.equal(lastEvent(failed, 'check-finished').passed, false);
  assert.equal(lastEvent(failed, 'problem').problem.kind, 'check-failed');
  assert.equal(lastEvent(failed, 'finished').ok, false);
  assert.equal(failed.events.at(-1)?.type, 'finished');

  assert.deepEqual(await statusOfTests(), ['failed', { passed: 0, failed: 1, notRun: 0 }]);

  // Nobody asked for the tests now, and the artifact is as good as any.
  const unasked = await build();
  assert.deepEqual([unasked.exitCode, outcomes(unasked)['system/toy']], [0, 'reused']);

  await writeChecked('true');
  // Other tests than those that have run.
  assert.deepEqual(await statusOfTests(), ['not run', { passed: 0, failed: 0, notRun: 1 }]);
  const passed = await build('--check');
  assert.deepEqual([passed.exitCode, outcomes(passed)['system/toy']], [0, 'built']);
  assert.equal(lastEvent(passed, 'check-finished').passed, true);
  assert.equal(outcomes(await build('--check'))['system/toy'], 'reused');
  assert.deepEqual(await statusOfTests(), ['passed', { passed: 1, failed: 0, notRun: 0 }]);
  const { stdout } = await rig.run(...toyWords(rig), 'status');
  assert.match(stdout, /system\/toy .*, tests passed \d{4}-\d\d-\d\d\n/);
  assert.match(stdout, /\nThe packages' own tests: 1 passed\n/);
});

/** What `status` says of the toy's tests, and of all. */
async function statusOfTests(): Promise<unknown> {
  const { stdout } = await rig.run(...toyWords(rig), 'status', '--json');
  const [toy, all] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return [toy.tests, all.tests];
}

test('wrong usage ends with 2', async () => {
  for (const jobs of ['0', '-1', '1.5', '']) {
    const run = await rig.run('plan', `--jobs=${jobs}`);
    assert.equal(run.exitCode, 2, run.stderr);
    assert.match(run.stderr, /--jobs/);
  }
});
