import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NEEDED_BYTES } from '#host';
import type { Plan } from '#plan';
import type { Store } from '#store';
import { bytesNeededFor } from './check-before-build.ts';
import { readEstimates, readMemoryEstimates } from './estimates.ts';

const NAMES = ['toolchain/gcc', 'final/made-up', 'final/measured'];
const plan = { builds: new Map(NAMES.map((name) => [name, {}])), goals: [] } as unknown as Plan;

describe('how long a build takes', () => {
  it('is told by this store, else by the shipped figures, else taken to be short', async () => {
    const store = {
      lastRecord: async (name: string) => (name === 'final/measured' ? { durationMs: 4321 } : undefined),
    } as unknown as Store;
    const estimateMs = await readEstimates(plan, store);
    assert.equal(estimateMs('final/measured'), 4321);
    assert.equal(estimateMs('final/made-up'), 15_000);
    assert.ok(estimateMs('toolchain/gcc') > 60_000);
    assert.equal(estimateMs('final/not-in-the-plan'), 15_000);
  });
});

describe('how much memory a build takes', () => {
  it('is told by this store, else by the shipped figures, else taken to be little', async () => {
    const measured: Readonly<Record<string, object>> = {
      'final/measured': { peakMemoryBytes: 12_345_678 },
      // It ended before anybody looked.
      'final/made-up': { peakMemoryBytes: 0 },
    };
    const store = { lastRecord: async (name: string) => measured[name] } as unknown as Store;
    const memoryBytes = await readMemoryEstimates(plan, store);
    assert.equal(memoryBytes('final/measured'), 12_345_678);
    assert.equal(memoryBytes('final/made-up'), 256 * 1024 ** 2);
    assert.ok(memoryBytes('toolchain/gcc') > 256 * 1024 ** 2);
  });
});

describe('the space that a run takes', () => {
  it('grows with what is left to build, and ends at that of everything', () => {
    assert.equal(bytesNeededFor(0), 1024 ** 3);
    assert.ok(bytesNeededFor(15_000) < 1.1 * 1024 ** 3);
    assert.ok(bytesNeededFor(30 * 60_000) < NEEDED_BYTES / 2);
    assert.equal(bytesNeededFor(24 * 3_600_000), NEEDED_BYTES);
  });
});
