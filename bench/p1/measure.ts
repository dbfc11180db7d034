import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
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
  const wanted = options.isQuick ? QUICK_TARGETS : ['image'];
  const targets = options.targets.length > 0 ? options.targets : wanted;
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
      await runBuild(
        { arm, folder: own, checkout: snapshot.folder, words: ['build', ...targets, ...order], targets },
        context,
      );
    }
  }
}

/** A store with the sources; what a mirror must be asked for is fetched before anything is measured. */
async function prepare(
  own: string,
  snapshot: Snapshot,
  { options, signal, say }: BenchContext,
): Promise<void> {
  const [store, cwd] = [join(own, 'store'), join(own, 'cwd')];
  await mkdir(cwd, { recursive: true });
  if (existsSync(store)) return;
  say('copying sources');
  if (existsSync(options.from)) await copySources(options.from, store);
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
