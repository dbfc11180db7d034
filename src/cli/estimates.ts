import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '#plan';
import type { Store } from '#store';
import { PROJECT_ROOT } from './locations.ts';

/** A build that nobody has measured is taken to be a small one. */
const UNKNOWN_MS = 15_000;

const MIB = 1024 ** 2;

/** A shell, make and a C compiler on each of two cores. */
const UNKNOWN_BYTES = 256 * MIB;

/** How long builds take: by this store's earlier runs, else by the shipped figures, in milliseconds. */
export async function readEstimates(plan: Plan, store: Store): Promise<(build: string) => number> {
  const shipped = await readShipped();
  const known = new Map<string, number>();
  for (const name of plan.builds.keys()) {
    const last = await store.lastRecord(name);
    known.set(name, last?.durationMs ?? shipped.get(name)?.durationMs ?? UNKNOWN_MS);
  }
  return (build) => known.get(build) ?? UNKNOWN_MS;
}

/** How much memory builds take at most: by this store's earlier runs, else by the shipped figures, in bytes. */
export async function readMemoryEstimates(plan: Plan, store: Store): Promise<(build: string) => number> {
  const shipped = await readShipped();
  const known = new Map<string, number>();
  for (const name of plan.builds.keys()) {
    const last = await store.lastRecord(name);
    // One that ended before it was looked at has a peak of nothing.
    known.set(name, last?.peakMemoryBytes || (shipped.get(name)?.memoryBytes ?? UNKNOWN_BYTES));
  }
  return (build) => known.get(build) ?? UNKNOWN_BYTES;
}

type Shipped = { readonly durationMs: number; readonly memoryBytes: number };

/** config/build-times.tsv: build, seconds and MiB on two cores; measured when a recipe was last looked at. */
async function readShipped(): Promise<ReadonlyMap<string, Shipped>> {
  const text = await readFile(join(PROJECT_ROOT, 'config', 'build-times.tsv'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [build = '', seconds = '0', mib] = line.split('\t');
      const memoryBytes = mib === undefined ? UNKNOWN_BYTES : Number(mib) * MIB;
      return [build, { durationMs: Number(seconds) * 1000, memoryBytes }];
    }),
  );
}
