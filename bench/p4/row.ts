import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Contestant, contestTable, holdContest, type Shown } from '../contest.ts';
import { installFromNpm, isHere, makeNixEnv, mustRun, pathWithNode } from '../peer.ts';
import { programEnv } from '../program.ts';
import type { BenchContext, Row } from '../row.ts';
import { formatMs } from '../statistics.ts';
import { type Timed, timeProgram } from '../time-program.ts';
import { minimalNoOp } from './minimal.ts';
import { writeMakefile, writeNinja, writeNix, writeOverlay, writeWorkspaces } from './projects.ts';
import { type ToyPackage, toyGraph } from './toy-graph.ts';

/** Exact versions of what the npm registry has. */
const NPM_PEERS = { turbo: '2.11.11', wireit: '0.14.13' } as const;

/** P4: a build where nothing is to be done. */
export const noOp: Row = {
  name: 'p4',
  peers: ['ninja', 'nix-build'],
  measure: measureNoOps,
  tables: (results) =>
    contestTable(results, SHOWN, [{ title: 'wall time', figure: 'wallMs', format: formatMs }]),
};

const SHOWN: readonly Shown[] = [
  { arm: 'ours', title: 'BlazeNeuro' },
  { arm: 'ours-minimal', title: 'BlazeNeuro, the real `minimal` profile' },
  { arm: 'node', title: '`node -e 0`' },
  { arm: 'node-statx', title: 'Node that asks for the times of 3000 files' },
  { arm: 'make', title: 'GNU make' },
  { arm: 'ninja', title: 'ninja' },
  { arm: 'nix', title: 'nix-build' },
  { arm: 'turbo', title: `turbo ${NPM_PEERS.turbo}` },
  { arm: 'wireit', title: `wireit ${NPM_PEERS.wireit}` },
];

async function measureNoOps(context: BenchContext): Promise<void> {
  const { options, folder, say } = context;
  const graph = options.isQuick ? toyGraph(6, 3) : toyGraph(100, 30);
  const contestants: Contestant[] = [];
  for (const [arm, prepare] of Object.entries(PREPARATIONS)) {
    if (options.only.length > 0 && !options.only.includes(arm)) continue;
    if (options.isQuick && !QUICK.has(arm)) continue;
    say(`preparing ${arm}`);
    const timed = await prepare(graph, join(folder, arm), context);
    if (timed === undefined) continue;
    // The first run builds, the second finds nothing to do, but may tidy up what the first left.
    timeProgram(timed);
    timeProgram(timed);
    contestants.push({ arm, measure: async () => ({ wallMs: timeProgram(timed) }) });
  }
  context.set({ options: { packages: graph.length, inputs: graph.flatMap(({ inputs }) => inputs).length } });
  await holdContest(contestants, options.runs ?? (options.isQuick ? 1 : 15), context);
}

type Prepare = (
  graph: readonly ToyPackage[],
  folder: string,
  context: BenchContext,
) => Promise<Timed | undefined>;

const QUICK = new Set(['ours', 'node', 'node-statx', 'make', 'ninja']);

const PREPARATIONS: Readonly<Record<string, Prepare>> = {
  ours: async (graph, folder, context) => {
    await writeOverlay(graph, join(folder, 'overlay'));
    const { folder: checkout } = await context.snapshot();
    const words = ['build', 'system/toy-all', '--config', join(folder, 'overlay')];
    const argv = [join(checkout, 'blazeneuro'), ...words];
    return { argv, cwd: await made(join(folder, 'cwd')), env: programEnv(join(folder, 'store')) };
  },
  'ours-minimal': (_, folder, context) => minimalNoOp(folder, context),
  node: async (_, folder) => ({
    argv: ['node', '-e', '0'],
    cwd: await made(folder),
    env: { PATH: pathWithNode() },
  }),
  'node-statx': async (graph, folder) => {
    await writeMakefile(graph, folder);
    const paths = graph.flatMap(({ name, inputs }) => inputs.map((input) => `${name}/${input}`));
    const script = `const { statSync } = require('node:fs'); for (const path of ${JSON.stringify(paths)}) statSync(path);`;
    await writeFile(join(folder, 'statx.cjs'), script);
    return { argv: ['node', 'statx.cjs'], cwd: folder, env: { PATH: pathWithNode() } };
  },
  make: async (graph, folder, { say }) => {
    if (!(await isHere('make', say))) return undefined;
    await writeMakefile(graph, folder);
    // Without its built-in rules, which it would try on every input.
    return { argv: ['make', '--no-builtin-rules'], cwd: folder, env: hostEnv() };
  },
  ninja: async (graph, folder, { say }) => {
    if (!(await isHere('ninja', say))) return undefined;
    await writeNinja(graph, folder);
    return { argv: ['ninja'], cwd: folder, env: hostEnv() };
  },
  nix: async (graph, folder, { say }) => {
    if (!(await isHere('nix-build', say))) return undefined;
    await writeNix(graph, await made(join(folder, 'expressions')));
    const env = await makeNixEnv(folder);
    const argv = ['nix-build', '--attr', 'all', '--no-out-link'];
    return { argv, cwd: join(folder, 'expressions'), env };
  },
  turbo: (graph, folder) => prepareNpmPeer(graph, folder, 'turbo', ['run', 'build', '--no-daemon']),
  wireit: (graph, folder) => prepareNpmPeer(graph, folder, 'wireit', []),
};

/** turbo is started by itself; wireit only by an npm script. */
async function prepareNpmPeer(
  graph: readonly ToyPackage[],
  folder: string,
  peer: keyof typeof NPM_PEERS,
  words: readonly string[],
): Promise<Timed> {
  const project = join(folder, 'project');
  await installFromNpm(join(folder, 'installed'), { [peer]: NPM_PEERS[peer] });
  await writeWorkspaces(graph, project, peer);
  const programs = join(folder, 'installed/node_modules/.bin');
  const env = { PATH: `${programs}:${pathWithNode()}`, HOME: folder, TURBO_TELEMETRY_DISABLED: '1', CI: '1' };
  // turbo finds what is a workspace and what has changed by git.
  if (peer === 'turbo' && !existsSync(join(project, '.git')))
    await mustRun(['git', 'init', '-q'], project, env);
  const argv = peer === 'turbo' ? [join(programs, 'turbo'), ...words] : ['npm', 'run', 'build'];
  return { argv, cwd: project, env };
}

function hostEnv(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '' };
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return folder;
}
