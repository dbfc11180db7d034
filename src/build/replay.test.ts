import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openBench, problemIn, toy, whyNoBuilds } from './testing.ts';

describe('a failed build that was kept', { skip: whyNoBuilds() }, () => {
  it('runs again in its sandbox by the command that the problem tells', async () => {
    await using bench = await openBench();
    const phases = { build: 'echo once more >> /build/count; cat /build/count >&2; exit 7' };
    const problem = problemIn(await bench.build(toy({ phases })));
    assert.match(problem.message, /failed in its phase build: exit code 7/);
    assert.deepEqual(problem.details, ['once more']);
    const command = /^Run its phases there again: (.+)$/m.exec(problem.hint ?? '')?.[1];
    assert.ok(command !== undefined, problem.hint);
    assert.deepEqual(await readdir(join(bench.folder, 'store/staging')), []);
    const replayed = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    assert.equal(replayed.status, 7, replayed.stderr);
    // The work folder is the one that the build left.
    assert.match(replayed.stderr, /==> build\nonce more\nonce more\n/);
  });
});
