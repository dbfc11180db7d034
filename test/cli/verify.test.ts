import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { hasImageTools, makeSampleImage, type SampleChange } from '../../src/drive/testing-image.ts';
import { openRig, type Rig, type Run } from '../rig.ts';

/** A loop device over a file, read-only, until the end of its scope; undefined where none can be made. */
function openLoop(path: string): ({ readonly device: string } & Disposable) | undefined {
  const made = spawnSync('losetup', ['--find', '--show', '--read-only', path], { encoding: 'utf8' });
  if (made.status !== 0) return undefined;
  const device = made.stdout.trim();
  return { device, [Symbol.dispose]: () => void spawnSync('losetup', ['--detach', device]) };
}

const EDITED: SampleChange = {
  espScript: "printf 'anothEr program' >other",
  rootCommands: [
    'rm /usr/bin/tool',
    'write other /usr/bin/tool',
    'sif /usr/bin/tool mode 0100755',
    'mkdir /home/ada',
  ],
};

describe('verify', { skip: !hasImageTools() }, () => {
  let rig: Rig;
  before(async () => {
    rig = await openRig();
  });
  after(() => rig[Symbol.asyncDispose]());

  const verify = (...words: string[]): Promise<Run> => rig.run('verify', ...words);

  async function sample(name: string, change: SampleChange = {}): Promise<string> {
    const folder = join(rig.cwd, name);
    await mkdir(folder);
    const { path, manifest } = makeSampleImage(folder, change);
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    return path;
  }

  test('an image is compared with the manifest beside it', async () => {
    const run = await verify(await sample('sound'));
    assert.equal(run.exitCode, 0, run.stderr);
    assert.match(run.stdout, /^Everything is as it was built\nCompared with .*\/sound\/manifest\.json\n$/);
    assert.equal(run.stderr, '');
  });

  test('an edited file is named with its build, and what is expected is counted', async () => {
    const path = await sample('edited', EDITED);
    const run = await verify(path);
    assert.equal(run.exitCode, 1);
    assert.equal(
      run.stdout.replace(/Compared with .*\n/, ''),
      `changed /usr/bin/tool (from final/all)
  content: other bytes
1 changed as expected (-v names each):
       1  belongs to the people who use it
1 thing is not as built
`,
    );
    const named = await verify('-v', path);
    assert.match(named.stdout, /^extra as expected \/home\/ada: belongs to the people who use it$/m);
    const json = await rig.run('--json', 'verify', path);
    assert.equal(json.exitCode, 1);
    const lines = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ type, path: where, expectedBecause }) => [type, where, expectedBecause === undefined]),
      [
        ['finding', '/usr/bin/tool', true],
        ['finding', '/home/ada', false],
        ['verified', undefined, true],
      ],
    );
    assert.deepEqual(lines.at(-1), { type: 'verified', ok: false, differ: 1, expected: 1 });
  });

  test("a drive is compared with the profile's manifest, or with one that is named", async (context) => {
    const path = await sample('drive');
    using loop = openLoop(path);
    if (loop === undefined) return context.skip('no loop device can be made here');
    const none = await verify(loop.device);
    assert.equal(none.exitCode, 1);
    assert.match(none.stderr, /manifest of \/dev\/loop\d+ is not there/);
    assert.match(none.stderr, /out\/minimal\/manifest\.json/);
    const run = await verify(loop.device, '--manifest', join(rig.cwd, 'drive/manifest.json'));
    assert.equal(run.exitCode, 0, run.stdout + run.stderr);
    await mkdir(join(rig.cwd, 'out/minimal'), { recursive: true });
    await writeFile(join(rig.cwd, 'out/minimal/manifest.json'), await rig.read('drive/manifest.json'));
    assert.equal((await verify(loop.device)).exitCode, 0);
  });

  test('what is no image, has no manifest, or is not there is a problem with its own exit code', async () => {
    await mkdir(join(rig.cwd, 'wrong'));
    await writeFile(join(rig.cwd, 'wrong/zeros'), Buffer.alloc(100_000));
    await writeFile(join(rig.cwd, 'wrong/other.json'), '{"format":1,"entries":[]}');
    const words = ['--manifest', join(rig.cwd, 'sound/manifest.json')];
    const cases: [string[], number, RegExp][] = [
      [['wrong/zeros', ...words], 1, /no partition table/],
      [['wrong/zeros'], 1, /manifest of wrong\/zeros is not there/],
      [['wrong/zeros', '--manifest', 'wrong/other.json'], 1, /manifest of wrong\/zeros is damaged/],
      [['wrong/none'], 2, /none is not there/],
      [['wrong'], 2, /neither an image nor a drive/],
      [['/dev/null'], 2, /neither an image nor a drive/],
      [[], 2, /missing required argument/],
    ];
    for (const [argv, exitCode, message] of cases) {
      const run = await verify(...argv);
      assert.equal(run.exitCode, exitCode, `${argv}: ${run.stderr}`);
      assert.match(run.stderr, message);
    }
  });
});
