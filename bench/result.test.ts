import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { forgetOlder, isDisturbed, keepResult, type ResultFile, readResults } from './result.ts';

const RESULT: ResultFile = {
  row: 'p1',
  startedAt: '2026-01-02T03:04:05Z',
  program: { version: '1', revision: 'abc', isEdited: false },
  machine: { cores: 2, memoryBytes: 1, kernel: '6', processor: 'x', tools: {} },
  options: { jobs: 2 },
  otherLoadPercent: 1,
  graph: { a: [], b: ['a'] },
  samples: [
    { arm: 'ours', run: '1', figures: { wallMs: 5 }, complete: true },
    {
      arm: 'serial',
      run: '2',
      figures: { wallMs: 9 },
      complete: true,
      builds: [{ build: 'a', startMs: 0, endMs: 4, cpuMs: 3, phases: { build: 4 } }],
    },
  ],
};

describe('results', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-results-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('come back as they were kept', async () => {
    await keepResult(RESULT, folder);
    assert.deepEqual(await readResults('p1', folder), [RESULT]);
  });

  it('that are kept again replace what was there', async () => {
    const more = { ...RESULT, samples: RESULT.samples.slice(0, 1) };
    await keepResult(more, folder);
    assert.deepEqual(await readResults('p1', folder), [more]);
  });

  it('give way to a newer one where that is asked for', async () => {
    const newer = { ...RESULT, startedAt: '2026-01-03T00:00:00Z' };
    await keepResult(newer, folder);
    assert.equal((await readResults('p1', folder)).length, 2);
    await forgetOlder(newer, folder);
    assert.deepEqual(await readResults('p1', folder), [newer]);
  });

  it('of a row that nobody measured are none', async () => {
    assert.deepEqual(await readResults('p4', folder), []);
  });

  it('are disturbed when others kept the machine busy', () => {
    assert.deepEqual([isDisturbed(RESULT), isDisturbed({ ...RESULT, otherLoadPercent: 40 })], [false, true]);
    const busy = (cpuMs: number): ResultFile => {
      const figures = { cpuMs, machineBusyMs: 90, machineOtherMs: 10 };
      return { ...RESULT, samples: [{ arm: 'a', run: '1', complete: true, figures }] };
    };
    assert.deepEqual([isDisturbed(busy(88)), isDisturbed(busy(60))], [false, true]);
  });
});
