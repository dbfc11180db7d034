import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { lastEvent, openRig, outcomes, type Rig, type Run } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

describe('a build that fails', () => {
  let rig: Rig;
  before(async () => {
    rig = await openRig();
    await writeToyProfile(rig);
    await writeToy(rig, 'stands');
    await writeToy(rig, 'toy', {
      needs: ['stands'],
      build: 'echo "the toy is broken" >&2\nfalse\necho "the phase went on"',
    });
    await writeToy(rig, 'behind', { needs: ['toy'] });
  });
  after(() => rig[Symbol.asyncDispose]());

  const build = (...words: string[]) => rig.run(...toyWords(rig), 'build', 'system/behind', ...words);

  test('ends with 1, and names the build, its phase, its last lines and its log', async () => {
    const run = await build();
    assert.equal(run.exitCode, 1, run.stderr);
    assert.equal(run.stdout, '');
    for (const part of [
      'system/toy failed in its phase build: exit code 1',
      'the toy is broken',
      join(rig.cwd, 'logs/system/toy.log'),
      `blazeneuro --config ${rig.overlay} --profile toy shell system/toy\n`,
    ]) {
      assert.ok(run.stderr.includes(part), `${part} is not in:\n${run.stderr}`);
    }
    const log = await rig.read('logs/system/toy.log');
    assert.match(log, /==> build\nthe toy is broken\n/);
    assert.doesNotMatch(log, /the phase went on/);
  });

  test('says which command shows its log, and that command does', async () => {
    const { problem } = lastFailure(await build('--json'));
    const [, words = ''] = /Read all that it said: blazeneuro (.*)/.exec(problem?.hint ?? '') ?? [];
    const shown = await rig.run(...words.split(' '));
    assert.equal(shown.exitCode, 0, shown.stderr);
    assert.match(shown.stdout, /==> build\nthe toy is broken\n/);
  });

  test('says the same to programs, and what was not run', async () => {
    const run = await build('--json');
    assert.equal(run.exitCode, 1, run.stderr);
    assert.deepEqual(outcomes(run), {
      'system/stands': 'reused',
      'system/toy': 'failed',
      'system/behind': 'stopped',
    });
    assert.equal(lastFailure(run).problem?.kind, 'phase-failed');
    const { ok, built, reused, failed: failures } = lastEvent(run, 'finished');
    assert.deepEqual([ok, built, reused, failures], [false, 0, 1, 1]);
    assert.equal(run.events.at(-1)?.type, 'finished');
  });

  test('lets the others go on with --keep-going', async () => {
    await writeToy(rig, 'beside');
    const run = await build('--json', '--keep-going', 'system/beside');
    assert.equal(run.exitCode, 1, run.stderr);
    assert.equal(outcomes(run)['system/beside'], 'built');
  });

  test('once mended goes on where it was', async () => {
    await writeToy(rig, 'toy', { needs: ['stands'] });
    const run = await build('--json');
    assert.equal(run.exitCode, 0, run.stderr);
    assert.deepEqual(outcomes(run), {
      'system/stands': 'reused',
      'system/toy': 'built',
      'system/behind': 'built',
    });
    assert.deepEqual(await readdir(join(rig.store, 'staging')), []);
    assert.deepEqual(await readdir(join(rig.store, 'state/failed')), []);
  });
});

/** The event of the build that failed. */
function lastFailure(run: Run) {
  const failed = run.events.findLast(
    (event) => event.type === 'action-finished' && event.outcome === 'failed',
  );
  if (failed?.type !== 'action-finished') throw new Error(`No build failed.\n${run.stderr}`);
  return failed;
}
