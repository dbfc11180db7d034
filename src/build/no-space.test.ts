import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { isDiskFull } from './no-space.ts';
import { makeTestedCopy } from './tested-copy.ts';
import { beginBuild, openBench, problemIn, toy, whyNoBuilds } from './testing.ts';

const SMALL_DISK = process.env['NO_SPACE_TEST_DISK'];
const skip = process.getuid?.() === 0 ? whyNoBuilds() : 'only root can mount a small disk for it';

if (SMALL_DISK !== undefined) {
  it('a build that fills the disk', async () => {
    await using bench = await openBench(SMALL_DISK);
    const planned = toy({ phases: { build: 'head -c 32M /dev/zero > big', install: ': > $OUT/x' } });
    const problem = problemIn(await bench.build(planned));
    assert.equal(problem.kind, 'no-space');
    assert.match(problem.hint ?? '', /BLAZENEURO_STORE/);
  });

  it('a copy for the tests that was stopped when the disk was all but full', async () => {
    await using bench = await openBench(SMALL_DISK);
    await using begun = await beginBuild(toy({}), bench.options);
    const { enclosure, place } = begun.execution;
    const { bavail, bsize } = await statfs(place.work);
    await writeFile(join(place.work, 'big'), new Uint8Array((bavail - 4) * bsize));
    while (!enclosure.signal.aborted) await setTimeout(50);
    const problem = problemIn(await makeTestedCopy(begun.execution));
    assert.equal(problem.kind, 'no-space');
    assert.match(problem.details?.join() ?? '', /stopped in its phase check/);
  });
} else {
  describe('a full disk', () => {
    it('is told from a failure of the build itself', { skip }, async (t) => {
      // This very file again, in a mount namespace where a disk of 4 MiB lies below a folder.
      const folder = await mkdtemp(join(tmpdir(), 'no-space-test-'));
      t.after(() => rm(folder, { recursive: true }));
      const inner = 'mount -t tmpfs -o size=4m none "$0"; chmod 755 "$0"; exec "$@"';
      const words = ['--mount', '--propagation', 'private', 'bash', '-euc', inner, folder];
      const again = spawnSync('unshare', [...words, process.execPath, import.meta.filename], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env['PATH'], NO_SPACE_TEST_DISK: folder },
      });
      assert.equal(again.status, 0, again.stdout + again.stderr);
    });

    it('is not what a test suite that talks of one has met', async () => {
      assert.equal(await isDiskFull(tmpdir(), ['dd: writing: No space left on device']), false);
      assert.equal(await isDiskFull(tmpdir(), ['gcc: error']), false);
      assert.equal(await isDiskFull(tmpdir(), ['cp: Disk quota exceeded']), true);
    });
  });
}
