import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

describe('a quick bench', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(process.env['TMPDIR'] ?? tmpdir(), 'bench-quick-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = async (row: string): Promise<string> => {
    const words = [
      join(import.meta.dirname, 'main.ts'),
      row,
      '--quick',
      '--only',
      'ours,make',
      '--store',
      folder,
    ];
    return (await promisify(execFile)(process.execPath, words)).stdout;
  };

  it('of nothing to do sets us beside make', async () => {
    assert.match(await run('p4'), /\| BlazeNeuro +\| +1 \|[\s\S]*\| GNU make +\| +1 \|/);
  });

  it('of the scheduler builds the same with everybody', async () => {
    assert.match(
      await run('p2'),
      /\| BlazeNeuro +\| +1 \|[\s\S]*\| GNU make over all, one jobserver +\| +1 \|/,
    );
  });
});
