import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '#plan';
import type { Store } from '#store';
import { PROJECT_ROOT } from './locations.ts';

/** A build that nobody has measured is taken to be a small one. */
const UNKNOWN_MS = 15_000;

/** How long builds take: by this store's earlier runs, else by the shipped figures, in milliseconds. */
export async function readEstimates(plan: Plan, store: Store): Promise<(build: string) => number> {
  const shipped = await readShipped();
  const known = new Map<string, number>();
  for (const name of plan.builds.keys()) {
    const last = await store.lastRecord(name);
    known.set(name, last?.durationMs ?? shipped.get(name) ?? UNKNOWN_MS);
  }
  return (build) => known.get(build) ?? UNKNOWN_MS;
}

/** config/build-times.tsv: build, seconds on two cores; measured when a recipe was last looked at. */
async function readShipped(): Promise<ReadonlyMap<string, number>> {
  const text = await readFile(join(PROJECT_ROOT, 'config', 'build-times.tsv'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [build = '', seconds = '0'] = line.split('\t');
      return [build, Number(seconds) * 1000];
    }),
  );
}
