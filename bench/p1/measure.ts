import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyStore } from '../copy-store.ts';
import { type Graph, reduceGraph } from '../graph.ts';
import { runBlazeneuro } from '../program.ts';
import type { BenchContext } from '../row.ts';
import { copySources, type Snapshot } from '../snapshot.ts';
import { runBuild } from './run-build.ts';

/** The program as it is, and the same recipes one build after another. */
export const ARMS = ['ours', 'serial'] as const;
type Arm = (typeof ARMS)[number];

const QUICK_TARGETS = ['prepare/layout', 'toolchain/linux-headers'];

/** Builds cold, each contestant in a store of its own that has the sources and nothing else. */
export async function measureColdBuilds(context: BenchContext, arms: readonly Arm[]): Promise<void> {
  const { options, folder } = context;
  const snapshot = await context.snapshot();
  const { again } = options;
  const targets = targetsOf(options);
  for (let run = 1; run <= (options.runs ?? 1); run += 1) {
    for (const arm of arms) {
      if (options.only.length > 0 && !options.only.includes(arm)) continue;
      const own = join(folder, `${arm}-${run}`);
      if (existsSync(join(own, 'complete'))) {
        context.say(`${arm}, run ${run}: is complete already`);
        continue;
      }
      await prepare(own, snapshot, context);
      const graph = await planOf(own, snapshot, targets, context);
      context.set({ graph, program: snapshot.program });
      context.say(`${arm}, run ${run}: ${Object.keys(graph).length} builds`);
      const order = arm === 'serial' ? ['--one-by-one'] : [];
      const words = ['build', ...targets, ...again.flatMap((stage) => ['--rebuild', stage]), ...order];
      await runBuild({ arm, folder: own, checkout: snapshot.folder, words, targets, again }, context);
    }
  }
}

function targetsOf({ targets, again, isQuick }: BenchContext['options']): readonly string[] {
  if (again.length > 0) return again;
  if (targets.length > 0) return targets;
  return isQuick ? QUICK_TARGETS : ['image'];
}

/** A store with the sources, and for `--again` with all that was built; what a mirror must be asked for is fetched before anything is measured. */
async function prepare(
  own: string,
  snapshot: Snapshot,
  { options, signal, say }: BenchContext,
): Promise<void> {
  const [store, cwd] = [join(own, 'store'), join(own, 'cwd')];
  await mkdir(cwd, { recursive: true });
  if (existsSync(store)) return;
  const isWhole = options.again.length > 0;
  say(isWhole ? 'copying the store' : 'copying sources');
  if (existsSync(options.from)) await (isWhole ? copyStore : copySources)(options.from, store);
  say('fetching what is missing of them');
  await runBlazeneuro(snapshot.folder, ['fetch'], { store, cwd, signal });
}

async function planOf(
  own: string,
  snapshot: Snapshot,
  targets: readonly string[],
  { signal }: BenchContext,
): Promise<Graph> {
  const words = ['plan', ...targets, '--json'];
  const place = { store: join(own, 'store'), cwd: join(own, 'cwd'), signal };
  const { stdout } = await runBlazeneuro(snapshot.folder, words, place);
  const lines = stdout.trimEnd().split('\n');
  const planned = lines.map((line) => JSON.parse(line) as { build: string; needs: readonly string[] });
  return reduceGraph(Object.fromEntries(planned.map(({ build, needs }) => [build, needs])));
}
