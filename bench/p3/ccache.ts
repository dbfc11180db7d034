import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap } from '#base';
import { readProject } from '#config';
import { removeTree } from '#store';
import type { Contestant } from '../contest.ts';
import { isHere } from '../peer.ts';
import type { BenchContext } from '../row.ts';
import { timeProgram } from '../time-program.ts';
import { SAMPLED } from './ours.ts';

/** The same packages by the host's compiler behind ccache, once it has seen every file: what it cannot spare is left. */
export async function ccacheContestants(folder: string, context: BenchContext): Promise<Contestant[]> {
  if (!(await isHere('ccache', context.say))) return [];
  const script = join(folder, 'rebuild');
  await mkdir(folder, { recursive: true });
  await writeFile(script, await scriptText(context));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    CCACHE_DIR: join(folder, 'cache'),
    FORCE_UNSAFE_CONFIGURE: '1',
  };
  const buildAnew = async (): Promise<number> => {
    const work = join(folder, 'work');
    await removeTree(work);
    await mkdir(work);
    return timeProgram({ argv: ['sh', script], cwd: work, env });
  };
  context.say('filling the compiler cache');
  await buildAnew();
  return [{ arm: 'ccache', measure: async () => ({ wallMs: await buildAnew() }) }];
}

/** Their recipes have these phases and no more: unpack, configure, make, install. */
async function scriptText(context: BenchContext): Promise<string> {
  const { options } = context;
  const { folder: root } = await context.snapshot();
  const { pins } = unwrap(await readProject({ root, overlay: undefined }, 'minimal'));
  const lines = SAMPLED.map((name) => {
    const digest = pins.get(name)?.[0]?.digest ?? '';
    const archive = join(options.from, 'blobs', digest.slice(0, 2), digest);
    const install = `make install DESTDIR="$PWD/../installed"`;
    const build = `./configure --prefix=/usr CC='ccache gcc' && make -j${options.jobs} && ${install}`;
    return `mkdir ${name} && tar --extract --file=${archive} --directory=${name} --strip-components=1 && (cd ${name} && ${build})`;
  });
  return ['set -eu', ...lines, ''].join('\n');
}
