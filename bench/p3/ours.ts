import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '#base';
import type { Event } from '#event';
import { removeTree } from '#store';
import type { Contestant } from '../contest.ts';
import { wholeStore } from '../copy-store.ts';
import { sizeOfTree } from '../disk-use.ts';
import { mustRun } from '../peer.ts';
import { programEnv, runBlazeneuro } from '../program.ts';
import type { BenchContext } from '../row.ts';
import { timeProgram } from '../time-program.ts';

/** Builds whose rebuild with a hot compiler cache is the peer; as others of their kind, they are C and autotools. */
export const SAMPLED = ['grep', 'gzip', 'sed'] as const;

/** Everything is deleted but the store, and the image is made; then what its bytes cost to copy. */
export async function imageContestants(folder: string, context: BenchContext): Promise<Contestant[]> {
  const { folder: checkout } = await context.snapshot();
  const store = await wholeStore(folder, context);
  if (store === undefined) return [];
  const cwd = join(folder, 'cwd');
  const forget = async (): Promise<void> => {
    await removeTree(cwd);
    await removeTree(join(checkout, 'node_modules/.cache'));
    await mkdir(cwd, { recursive: true });
  };
  return [
    {
      arm: 'ours',
      measure: async () => {
        await forget();
        const startedAtMs = performance.now();
        const place = { store, cwd, signal: context.signal };
        const { stdout } = await runBlazeneuro(checkout, ['build', '--json'], place);
        const wallMs = performance.now() - startedAtMs;
        expectNothingBuilt(stdout);
        return { wallMs, imageBytes: await sizeOfTree(join(cwd, 'out/minimal/blazeneuro.img')) };
      },
    },
    {
      arm: 'dd',
      measure: () => measureCopy(join(cwd, 'out/minimal/blazeneuro.img'), join(folder, 'copy.img')),
    },
    {
      arm: 'ours-sampled',
      measure: async () => {
        await forget();
        const builds = SAMPLED.map((name) => `final/${name}`);
        const argv = [join(checkout, 'blazeneuro'), 'build', ...builds];
        return { wallMs: timeProgram({ argv, cwd, env: programEnv(store) }) };
      },
    },
  ];
}

/** What was read here was written just before: like the artifacts, it lies in the cache of files. */
async function measureCopy(image: string, copy: string): Promise<Record<string, number>> {
  const argv = ['dd', `if=${image}`, `of=${copy}`, 'bs=4M', 'conv=sparse'];
  const wallMs = timeProgram({ argv, cwd: '/', env: { PATH: '/usr/bin:/bin' } });
  await mustRun(['rm', copy], '/', { PATH: '/usr/bin:/bin' });
  return { wallMs };
}

function expectNothingBuilt(stdout: string): void {
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
  const built = events.flatMap((event) =>
    event.type === 'action-finished' && event.outcome === 'built' ? [event.build] : [],
  );
  if (built.length === 0) return;
  throw new ProblemError({
    kind: 'not-built',
    subject: built.join(', '),
    message: `This was no warm run: it built ${built.join(', ')}`,
  });
}
