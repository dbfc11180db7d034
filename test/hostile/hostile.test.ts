import assert from 'node:assert/strict';
import { lstat, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Problem } from '#base';
import { openMemoryGroup } from '#sandbox';
import { removeTree } from '#store';
import { openRig, outcomes, type Rig, type Run } from '../rig.ts';
import { readCorpus, writeCorpus } from './corpus.ts';
import { ENDINGS, GROUP_LIMITS } from './expected.ts';
import { lookAround, NOTHING, type Remains } from './remains.ts';
import { openWorld, type World } from './world.ts';

const SECRET = `blazeneuro-secret-${process.pid}`;
const NAME = `blazeneuro-hostile-${process.pid}`;
const HARMLESS = ['daemons', 'exceptions', 'links', 'modes', 'names'].map((name) => `harmless-${name}`);
const ALONE = ['alone-memory', 'alone-time', 'alone-trace', 'alone-verdict'];
/** Of the command lines of attacks. */
const WORDS = [NAME, '/out/held', 'trap "" TERM'];

describe('hostile builds', () => {
  let rig: Rig;
  let world: World;
  before(async () => {
    rig = await openRig();
    world = await openWorld(rig, NAME, SECRET);
    await writeCorpus(rig, { ...world.facts, PID: String(process.pid), SECRET, NAME, STORE: rig.store });
  });
  after(async () => {
    await world[Symbol.asyncDispose]();
    // Failed builds are kept, and with them trees that are deeper than a path can be long.
    await removeTree(rig.store);
    await rig[Symbol.asyncDispose]();
  });

  const build = (limits: string, names: readonly string[], ...flags: string[]) => {
    process.env['BLAZENEURO_LIMITS'] = limits;
    process.env['HOSTILE_SECRET'] = SECRET;
    const targets = names.map((name) => `system/${name}`);
    return rig.run(
      '--config',
      rig.overlay,
      '--profile',
      'hostile',
      'build',
      '--keep-going',
      '--json',
      ...flags,
      ...targets,
    );
  };

  test('are all known here, each with the end that it has to take', async () => {
    assert.deepEqual([...Object.keys(ENDINGS), ...HARMLESS, ...ALONE].sort(), await readCorpus());
  });

  describe('all together', () => {
    let run: Run;
    let left: Remains;
    before(async () => {
      const before = await lookAround(WORDS);
      run = await build(GROUP_LIMITS, [...Object.keys(ENDINGS), ...HARMLESS]);
      left = await lookAround(WORDS, before);
    });

    for (const [name, [kind, says]] of Object.entries(ENDINGS)) {
      test(`${name} fails, and is named`, () => {
        const problem = problemOf(run, name);
        assert.equal(problem.kind, kind, JSON.stringify(problem));
        assert.ok(problem.message.startsWith(`system/${name}`), problem.message);
        assert.match([problem.message, ...(problem.details ?? [])].join('\n'), says);
      });
    }

    test('end the program with 1, and its words command no terminal', () => {
      assert.equal(run.exitCode, 1, run.stderr);
      assert.doesNotMatch(run.stderr, /[^\P{Cc}\n\t]/u);
    });

    test('leave no process, no mount, no loop device and no control group', () =>
      assert.deepEqual(left, NOTHING));

    test('leave the host as it was', async () => {
      assert.equal(world.heard.length, 0, world.heard.join());
      assert.equal(await readFile(world.facts.CANARY, 'utf8'), SECRET);
      assert.equal(((await stat(world.facts.CANARY)).mode & 0o777).toString(8), '600');
    });

    for (const name of HARMLESS) {
      test(`${name} comes out as its artifact says`, async () => {
        assert.equal(outcomes(run)[`system/${name}`], 'built', run.stderr);
        await expectPlain(treeOf(rig, run, name));
      });
    }

    test('that leave links do not get them followed', async () => {
      const tree = treeOf(rig, run, 'harmless-links');
      assert.deepEqual((await readdir(tree)).sort(), ['absolute', 'folder', 'relative']);
      assert.equal(await readlink(join(tree, 'absolute')), world.facts.CANARY);
      assert.equal(await readlink(join(tree, 'folder')), '/etc');
    });

    test('leave nothing in the store that is not what its digest says', async () => {
      const verified = await rig.run('--config', rig.overlay, '--profile', 'hostile', 'store', 'verify');
      assert.equal(verified.exitCode, 0, verified.stderr);
    });
  });

  test('that never end meet the limit of time', async () => {
    const before = await lookAround(WORDS);
    const run = await build('time=3s', ['alone-time', 'alone-trace']);
    const problem = problemOf(run, 'alone-time');
    assert.equal(problem.kind, 'time-limit');
    assert.match(problem.message, /system\/alone-time was stopped in its phase build: .* time limit, 3\.0 s/);
    // Some kernels let nobody trace but who started a process (Yama).
    assert.match(problemOf(run, 'alone-trace').kind, /^(?:time-limit|phase-failed)$/);
    assert.deepEqual(await lookAround(WORDS, before), NOTHING);
  });

  test('that take all memory meet the limit of memory', async (t) => {
    const group = await openMemoryGroup(1 << 30);
    if (group === undefined) return t.skip('no control groups for us here');
    await group[Symbol.asyncDispose]();
    const before = await lookAround(WORDS);
    const problem = problemOf(await build('memory=200M', ['alone-memory']), 'alone-memory');
    assert.equal(problem.kind, 'memory-limit');
    assert.match(problem.message, /system\/alone-memory failed in its phase build: .* limit, 200\.0 MiB/);
    assert.deepEqual(await lookAround(WORDS, before), NOTHING);
  });

  test('whose own tests fail cannot say that they passed', async () => {
    const run = await build(GROUP_LIMITS, ['alone-verdict'], '--check');
    const verdicts = run.events.flatMap((event) => (event.type === 'check-finished' ? [event.passed] : []));
    assert.deepEqual(verdicts, [false]);
  });
});

function problemOf(run: Run, name: string): Problem {
  for (const event of run.events) {
    if (event.type !== 'action-finished' || event.build !== `system/${name}`) continue;
    assert.equal(event.outcome, 'failed', `${name}: ${JSON.stringify(event)}`);
    if (event.problem !== undefined) return event.problem;
  }
  throw new Error(`Nothing is said of ${name}. Exit code ${run.exitCode}.\n${run.stderr}`);
}

function treeOf(rig: Rig, run: Run, name: string): string {
  for (const event of run.events) {
    if (event.type === 'action-finished' && event.build === `system/${name}` && event.artifact !== undefined)
      return join(rig.store, 'artifacts', event.artifact, 'tree');
  }
  throw new Error(`There is no artifact of ${name}`);
}

/** The files of an artifact are nobody's to change and nobody's rights, whatever the build made of them. */
async function expectPlain(tree: string): Promise<void> {
  for (const entry of await readdir(tree, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mode, uid } = await lstat(path);
    assert.equal(mode & 0o7022, 0, `${path} has mode ${mode.toString(8)}`);
    assert.equal(uid, (await lstat(tree)).uid);
  }
}
