import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contestant } from '../contest.ts';
import { writeNix, writeOverlay } from '../p4/projects.ts';
import { toyGraph } from '../p4/toy-graph.ts';
import { isHere, makeNixEnv, mustRun } from '../peer.ts';
import { programEnv } from '../program.ts';
import type { BenchContext } from '../row.ts';
import { timeProgram } from '../time-program.ts';

const BUILD = ['nix-build', '--attr', 'all', '--no-out-link'];

/** The toy graph of P4: from a binary cache beside it, into an empty store of Nix; and from our store. */
export async function nixContestants(folder: string, context: BenchContext): Promise<Contestant[]> {
  if (!(await isHere('nix-build', context.say))) return [];
  const graph = toyGraph(100, 30);
  const expressions = join(folder, 'expressions');
  const cache = `file://${join(folder, 'binary-cache')}`;
  await mkdir(expressions, { recursive: true });
  await writeNix(graph, expressions);
  const env = await makeNixEnv(folder);
  context.say('filling the binary cache of Nix');
  const outputs = (await mustRun(BUILD, expressions, env)).trim().split('\n');
  const copy = ['nix', '--extra-experimental-features', 'nix-command', 'copy', '--to', cache, ...outputs];
  await mustRun(copy, expressions, env);
  await appendFile(join(folder, 'conf/nix.conf'), `substituters = ${cache}\n`);
  const measure = async (): Promise<Record<string, number>> => {
    // Nix makes what is in its store unwritable, for root it can be removed all the same.
    await mustRun(['rm', '-rf', ...['store', 'state', 'log'].map((name) => join(folder, name))], folder, env);
    return { wallMs: timeProgram({ argv: BUILD, cwd: expressions, env }) };
  };
  return [...(await ourToys(folder, context)), { arm: 'nix', measure }];
}

async function ourToys(folder: string, context: BenchContext): Promise<Contestant[]> {
  const overlay = join(folder, 'overlay');
  const cwd = join(folder, 'cwd');
  await writeOverlay(toyGraph(100, 30), overlay);
  await mkdir(cwd, { recursive: true });
  const { folder: checkout } = await context.snapshot();
  const argv = [join(checkout, 'blazeneuro'), 'build', 'system/toy-all', '--config', overlay];
  const timed = { argv, cwd, env: programEnv(join(folder, 'our-store')) };
  timeProgram(timed);
  return [{ arm: 'ours-toys', measure: async () => ({ wallMs: timeProgram(timed) }) }];
}
