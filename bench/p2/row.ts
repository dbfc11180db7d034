import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDuration, ProblemError } from '#base';
import { removeTree } from '#store';
import { type Contestant, contestTable, figuresOf, holdContest, type Shown } from '../contest.ts';
import { runMeasured } from '../measured-program.ts';
import { isHere } from '../peer.ts';
import { failureOf, programEnv } from '../program.ts';
import type { ResultFile } from '../result.ts';
import type { BenchContext, Row } from '../row.ts';
import { formatPercent, formatRatio, medianOf } from '../statistics.ts';
import { cPackages, FULL, QUICK } from './c-packages.ts';
import { writeHostProject, writeOverlay } from './projects.ts';

/** P2: the scheduler, over a graph of packages that make builds. */
export const scheduling: Row = {
  name: 'p2',
  peers: ['ninja'],
  measure: measureSchedulers,
  tables: schedulerTables,
};

const SHOWN: readonly Shown[] = [
  { arm: 'ours', title: 'BlazeNeuro' },
  { arm: 'ours-serial', title: 'BlazeNeuro, one build at a time' },
  { arm: 'script', title: 'a script: one package after another, `make -j`' },
  { arm: 'make', title: 'GNU make over all, one jobserver' },
  { arm: 'ninja-wide', title: 'ninja, each package with `make -j`' },
  { arm: 'ninja-narrow', title: 'ninja, each package with one job' },
];

async function measureSchedulers(context: BenchContext): Promise<void> {
  const { options, folder, say } = context;
  const { folder: checkout } = await context.snapshot();
  const program = join(checkout, 'blazeneuro');
  const build = [program, 'build', 'system/package-all', '--config', join(folder, 'overlay')];
  const jobs = String(options.jobs);
  await writeOverlay(cPackages(sizeOf(context)), sizeOf(context), join(folder, 'overlay'));
  const contestants = [
    contestant('ours', [...build, '--jobs', jobs], context),
    contestant('ours-serial', [...build, '--jobs', jobs, '--one-by-one'], context),
    contestant('script', ['sh', 'script'], context),
    contestant('make', ['make', '-j', jobs], context),
  ];
  if (await isHere('ninja', say)) {
    contestants.push(contestant('ninja-wide', ['ninja', '-f', 'wide.ninja', '-j', jobs], context));
    contestants.push(contestant('ninja-narrow', ['ninja', '-f', 'narrow.ninja', '-j', jobs], context));
  }
  await holdContest(contestants, options.runs ?? (options.isQuick ? 1 : 5), context);
}

function sizeOf({ options }: BenchContext) {
  return options.isQuick ? QUICK : FULL;
}

/** Everybody begins with nothing built: in an empty store, or in fresh folders. */
function contestant(arm: string, argv: readonly string[], context: BenchContext): Contestant {
  return {
    arm,
    measure: async () => {
      const own = join(context.folder, 'work');
      await removeTree(own);
      await mkdir(own, { recursive: true });
      const isOurs = arm.startsWith('ours');
      if (!isOurs) {
        await writeHostProject(cPackages(sizeOf(context)), sizeOf(context), own, context.options.jobs);
      }
      const taken = await runMeasured({
        argv,
        env: isOurs ? programEnv(join(own, 'store')) : { PATH: process.env['PATH'] ?? '' },
        cwd: own,
        stderr: 'capture',
        signal: context.signal,
        diskFolder: own,
        onLine: () => {},
      });
      if (!taken.result.succeeded) throw new ProblemError(failureOf(taken.result, arm));
      const { wallMs, cpuMs, machineBusyMs, machineOtherMs } = taken;
      const busyPercent = (100 * machineBusyMs) / (machineBusyMs + machineOtherMs);
      const ownPercent = (100 * cpuMs) / (machineBusyMs + machineOtherMs);
      return { wallMs, cpuMs, busyPercent, ownPercent };
    },
  };
}

function schedulerTables(results: readonly ResultFile[]): string {
  const table = contestTable(results, SHOWN, [
    { title: 'wall time', figure: 'wallMs', format: formatDuration },
    { title: 'CPU time', figure: 'cpuMs', format: formatDuration },
    { title: 'cores busy', figure: 'busyPercent', format: formatPercent },
    { title: 'of that by itself', figure: 'ownPercent', format: formatPercent },
  ]);
  return `${table}\n${boundLine(results)}\n`;
}

function boundLine(results: readonly ResultFile[]): string {
  const cores = results[0]?.machine.cores ?? 1;
  const boundMs = medianOf(figuresOf(results, 'ours', 'cpuMs')) / cores;
  const wallMs = medianOf(figuresOf(results, 'ours', 'wallMs'));
  return `BlazeNeuro took ${formatRatio(wallMs, boundMs)} of its CPU time ÷ cores (${formatDuration(boundMs)}).`;
}
