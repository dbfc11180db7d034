import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePage, resultsThatCount } from './page.ts';
import type { ResultFile } from './result.ts';

test('the page that is committed is the one that the results make', async () => {
  const page = await readFile(join(import.meta.dirname, '..', 'docs', 'performance.md'), 'utf8');
  assert.equal(page, await makePage(), 'run: npm run bench:report');
});

test('a row that nobody has measured says so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-page-'));
  const page = await makePage(folder);
  await rm(folder, { recursive: true });
  assert.ok(page.includes('Not measured yet.') && !page.includes('{{tables}}'));
});

test('what was measured while others kept the machine busy counts only when there is nothing better', () => {
  const result = (otherLoadPercent: number): ResultFile => ({
    row: 'p2',
    startedAt: '2026-01-01T00:00:00Z',
    program: { version: '1', revision: 'a', isEdited: false },
    machine: { cores: 2, memoryBytes: 1, kernel: '6', processor: 'x', tools: {} },
    options: {},
    otherLoadPercent,
    samples: [],
  });
  const [quiet, busy] = [result(1), result(60)];
  assert.deepEqual(resultsThatCount([busy, quiet]), [quiet]);
  assert.deepEqual(resultsThatCount([busy]), [busy]);
});
