import { join } from 'node:path';
import { formatBytes } from '#base';
import { type Contestant, contestTable, figuresOf, holdContest, type Shown } from '../contest.ts';
import type { ResultFile } from '../result.ts';
import type { BenchContext, Row } from '../row.ts';
import { formatMs, medianOf } from '../statistics.ts';
import { ccacheContestants } from './ccache.ts';
import { nixContestants } from './nix.ts';
import { imageContestants, SAMPLED } from './ours.ts';

/** P3: everything is deleted but the store; how long until there is a bootable image again. */
export const warmBuild: Row = {
  name: 'p3',
  peers: ['ccache', 'nix-build'],
  measure: measureWarmBuilds,
  tables: warmTables,
};

const TABLES: readonly (readonly Shown[])[] = [
  [
    { arm: 'ours', title: 'BlazeNeuro: store → image of `minimal`' },
    { arm: 'dd', title: '`dd` of that image, sparse' },
  ],
  [
    { arm: 'ours-sampled', title: `BlazeNeuro: ${SAMPLED.join(', ')} from the store` },
    { arm: 'ccache', title: 'the same packages rebuilt, ccache hot' },
  ],
  [
    { arm: 'ours-toys', title: 'BlazeNeuro: 100 toy packages from the store' },
    { arm: 'nix', title: 'nix-build: the same from a local binary cache' },
  ],
];

async function measureWarmBuilds(context: BenchContext): Promise<void> {
  const { options, folder } = context;
  const isWanted = (...arms: string[]): boolean =>
    options.only.length === 0 || arms.some((arm) => options.only.includes(arm));
  const contestants: Contestant[] = [];
  if (isWanted('ours', 'dd', 'ours-sampled')) {
    contestants.push(...(await imageContestants(join(folder, 'image'), context)));
  }
  if (isWanted('ccache')) contestants.push(...(await ccacheContestants(join(folder, 'ccache'), context)));
  if (isWanted('nix', 'ours-toys')) contestants.push(...(await nixContestants(join(folder, 'nix'), context)));
  await holdContest(contestants, options.runs ?? (options.isQuick ? 1 : 5), context);
}

function warmTables(results: readonly ResultFile[]): string {
  const columns = [{ title: 'wall time', figure: 'wallMs', format: formatMs }];
  const tables = TABLES.map((shown) => contestTable(results, shown, columns)).filter((table) => table !== '');
  const imageBytes = medianOf(figuresOf(results, 'ours', 'imageBytes'));
  const size = Number.isNaN(imageBytes) ? [] : [`The image takes ${formatBytes(imageBytes)} on disk.\n`];
  return [...tables, ...size].join('\n');
}
