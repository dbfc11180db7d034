import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runMeasured } from './measured-program.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-watched-'));
});
after(() => rm(folder, { recursive: true }));

test('a program is watched to its end, with all that it starts', async () => {
  const lines: string[] = [];
  // A child of the program works, and is waited for; a machine that is busy may let nobody look in time.
  const script = 'echo begun; sh -c "i=0; while [ \\$i -lt 200000 ]; do i=\\$((i+1)); done"; echo done';
  const taken = await runMeasured({
    argv: ['sh', '-c', script],
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    stderr: 'capture',
    signal: new AbortController().signal,
    diskFolder: folder,
    onLine: (line) => void lines.push(line),
    everyMs: 5,
  });
  assert.deepEqual(lines, ['begun', 'done']);
  assert.ok(taken.result.succeeded && taken.cpuMs > 0 && taken.wallMs > 0, JSON.stringify(taken));
  assert.ok(taken.peakUsedBytes > 0 && taken.busyPercents.length === 1);
});

test('one that is stopped says so', async () => {
  const taken = await runMeasured({
    argv: ['sh', '-c', 'echo begun; sleep 100'],
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    stderr: 'capture',
    signal: AbortSignal.timeout(50),
    diskFolder: folder,
    onLine: () => {},
  });
  assert.equal(taken.result.outcome, 'cancelled');
});
