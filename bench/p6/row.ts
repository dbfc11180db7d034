import { mkdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { formatBytes } from '#base';
import { type Contestant, contestTable, holdContest, type Shown } from '../contest.ts';
import { isHere, mustRun } from '../peer.ts';
import type { ResultFile } from '../result.ts';
import type { BenchContext, Row } from '../row.ts';
import { formatMs } from '../statistics.ts';
import { timeProgram } from '../time-program.ts';
import {
  assemblyArgv,
  LITTLE_ROOM,
  ROOM,
  readManifest,
  writeAssembly,
  writeSyntheticAssembly,
} from './assembly.ts';
import { contentOf } from './content.ts';
import { minimalAssembly } from './minimal.ts';
import { handScript, type Material, mke2fsScript, takeMaterial, writeGenimage } from './peers.ts';
import { QUICK, WHOLE } from './synthetic-tree.ts';

/** P6: a tree becomes an image with a GPT, a FAT32 ESP and an ext4 root, by nobody special. */
export const assembly: Row = {
  name: 'p6',
  peers: ['genimage', 'sgdisk', 'mke2fs'],
  measure: measureAssembly,
  tables: assemblyTables,
};

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const SYSTEMS = ['synthetic', 'minimal'] as const;

const SHOWN: readonly Shown[] = [
  { arm: 'mke2fs', title: 'bare `mke2fs -d`: no ESP, no table' },
  { arm: 'ours', title: 'BlazeNeuro' },
  { arm: 'script', title: 'mke2fs -d, mtools, sgdisk, dd' },
  { arm: 'genimage', title: 'genimage' },
];

async function measureAssembly(context: BenchContext): Promise<void> {
  const { options, folder, say } = context;
  for (const system of SYSTEMS) {
    if (options.isQuick && system === 'minimal') continue;
    const own = join(folder, system);
    say(`preparing ${system}`);
    const request =
      system === 'minimal' ? await minimalRequest(own, context) : await syntheticRequest(own, context);
    if (request === undefined) continue;
    const contestants = await contestantsOf(own, request, context);
    const named = contestants.map(({ arm, measure }) => ({ arm: `${arm}-${system}`, measure }));
    const only = options.only.flatMap((arm) => [arm, `${arm}-${system}`]);
    await holdContest(named, options.runs ?? (options.isQuick ? 1 : 7), {
      ...context,
      options: { ...options, only },
    });
  }
}

function syntheticRequest(folder: string, { options }: BenchContext): Promise<string> {
  return options.isQuick
    ? writeSyntheticAssembly(folder, QUICK, LITTLE_ROOM)
    : writeSyntheticAssembly(folder, WHOLE, ROOM);
}

async function minimalRequest(folder: string, context: BenchContext): Promise<string | undefined> {
  const parts = await minimalAssembly(context);
  return parts === undefined ? undefined : writeAssembly(folder, parts);
}

async function contestantsOf(folder: string, request: string, context: BenchContext): Promise<Contestant[]> {
  const image = join(folder, 'out/blazeneuro.img');
  const assemble = assemblyArgv(request);
  timeProgram({ argv: assemble, cwd: folder, env: { PATH } });
  const manifest = await readManifest(folder);
  const material = await takeMaterial(join(folder, 'material'), image, manifest);
  const whole = await contentOf([material.tree, material.esp]);
  const measure =
    (argv: readonly string[], result = 'disk.img', contentBytes = whole) =>
    async (): Promise<Record<string, number>> => {
      const cwd = join(folder, 'work');
      await mkdir(cwd, { recursive: true });
      // What others still have to write is not ours to wait for.
      await mustRun(['sync'], folder, { PATH });
      const wallMs = timeProgram({ argv, cwd, env: { PATH, LC_ALL: 'C', MTOOLSRC: '/dev/null' } });
      const hostBytes = (await stat(resolve(cwd, result))).blocks * 512;
      await rm(cwd, { recursive: true });
      return { wallMs, hostBytes, contentBytes, toContent: hostBytes / contentBytes };
    };
  const script = (text: string): string[] => ['bash', '-c', `set -eu\n${text}`];
  return [
    {
      arm: 'mke2fs',
      measure: measure(script(mke2fsScript(material)), 'disk.img', await contentOf([material.tree])),
    },
    { arm: 'ours', measure: measure(assemble, image) },
    ...(await peersOf(folder, material, context)).map(({ arm, text }) => ({
      arm,
      measure: measure(script(text)),
    })),
  ];
}

async function peersOf(
  folder: string,
  material: Material,
  { say }: BenchContext,
): Promise<readonly { readonly arm: string; readonly text: string }[]> {
  const peers: { arm: string; text: string }[] = [];
  if (await isHere('sgdisk', say)) peers.push({ arm: 'script', text: handScript(material) });
  if (await isHere('genimage', say)) {
    peers.push({ arm: 'genimage', text: await writeGenimage(folder, material) });
  }
  return peers;
}

function assemblyTables(results: readonly ResultFile[]): string {
  const columns = [
    { title: 'wall time', figure: 'wallMs', format: formatMs },
    { title: 'the file takes', figure: 'hostBytes', format: formatBytes },
    { title: 'to its content', figure: 'toContent', format: (ratio: number) => `${ratio.toFixed(3)} ×` },
  ];
  return SYSTEMS.map((system) => {
    const shown = SHOWN.map(({ arm, title }) => ({ arm: `${arm}-${system}`, title }));
    const table = contestTable(results, shown, columns);
    return table === '' ? '' : `${TITLES[system]}\n\n${table}`;
  })
    .filter((table) => table !== '')
    .join('\n');
}

const TITLES = {
  synthetic: 'A made-up system of 8000 files, 300 MB:',
  minimal: 'The real `minimal`, by its own tools:',
} as const;
