import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { readMemoryBudget } from './memory-budget.ts';

const MEMINFO = 'MemTotal:       9000 kB\nMemFree:        1000 kB\nMemAvailable:   2000 kB\n';

async function budgetWith(files: Readonly<Record<string, string>>): Promise<number> {
  const root = await mkdtemp(join(tmpdir(), 'memory-test-'));
  try {
    for (const [path, text] of Object.entries({ 'proc/meminfo': MEMINFO, ...files })) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    return await readMemoryBudget(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const share = (kib: number) => Math.floor(kib * 1024 * 0.85);

it('builds may take most of what is available', async () => {
  assert.equal(await budgetWith({}), share(2000));
});

it('builds may take no more than the lowest limit of the groups above', async () => {
  const files = {
    'proc/self/cgroup': '0::/a/b\n',
    'sys/fs/cgroup/a/b/memory.max': 'max\n',
    'sys/fs/cgroup/a/memory.max': '1024000\n',
    'sys/fs/cgroup/memory.max': '1638400\n',
  };
  assert.equal(await budgetWith(files), share(1000));
});

it('groups of the first version count as well, and a limit beyond all memory is none', async () => {
  const groups = { 'proc/self/cgroup': '5:cpu:/x\n4:memory:/a\n0::/\n' };
  const unlimited = { ...groups, 'sys/fs/cgroup/memory/a/memory.limit_in_bytes': '9223372036854771712\n' };
  assert.equal(await budgetWith(unlimited), share(2000));
  const limited = { ...unlimited, 'sys/fs/cgroup/memory/memory.limit_in_bytes': '512000\n' };
  assert.equal(await budgetWith(limited), share(500));
});
