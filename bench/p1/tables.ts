import { formatBytes, formatDuration } from '#base';
import type { ResultFile } from '../result.ts';
import { formatPercent, formatRatio, formatSpread, medianOf, spreadOf } from '../statistics.ts';
import { markdownTable } from '../table.ts';
import { boundOf, idleByBuild } from './bound.ts';
import { ANEW, type ColdBuild, combineParts, completeBuilds } from './combine.ts';

const STAGES = ['prepare', 'toolchain', 'temporary', 'final', 'system'];

/** The tables of cold builds: what they took, where the time went, and how near they came to their bound. */
export function coldBuildTables(results: readonly ResultFile[]): string {
  const all = combineParts(results);
  const goals = [...new Set(all.map(({ goal }) => goal))];
  // What was tried on the way to the whole is of no interest once there is a whole.
  const isShown = (goal: string): boolean => goal === 'image' || goal.endsWith(ANEW);
  const shown = goals.includes('image') ? goals.filter(isShown) : goals;
  return shown.map((goal) => tablesOf(goal, all)).join('\n');
}

function tablesOf(goal: string, all: readonly ColdBuild[]): string {
  const ours = completeBuilds(all, goal, 'ours');
  const serial = completeBuilds(all, goal, 'serial');
  const unfinished = all.filter((build) => build.goal === goal && !build.complete);
  const notes = unfinished.map(({ arm, builds, figures }) => {
    const time = formatDuration(figures['wallMs'] ?? 0);
    return `Not finished: ${arm === 'ours' ? 'BlazeNeuro' : 'one build at a time'}, ${builds.length} builds in ${time}.\n`;
  });
  const middle = middleOf(ours) ?? unfinished.find(({ arm }) => arm === 'ours');
  return [
    `### Build of ${titleOf(goal)}\n`,
    figuresTable(orUnfinished('ours', ours, unfinished), orUnfinished('serial', serial, unfinished)),
    ...notes,
    ...(middle === undefined || middle.builds.length === 0 ? [] : detailTables(middle, middleOf(serial))),
  ].join('\n');
}

function titleOf(goal: string): string {
  return goal.endsWith(ANEW) ? `\`${goal.slice(0, -ANEW.length)}\`${ANEW}` : `\`${goal}\``;
}

/** Where nobody came to the end, what is known so far. */
function orUnfinished(
  arm: string,
  complete: readonly ColdBuild[],
  unfinished: readonly ColdBuild[],
): readonly ColdBuild[] {
  return complete.length > 0 ? complete : unfinished.filter((build) => build.arm === arm);
}

type Line = readonly [title: string, of: (build: ColdBuild) => number, format: (value: number) => string];

function figuresTable(ours: readonly ColdBuild[], serial: readonly ColdBuild[]): string {
  const alone = middleOf(serial);
  const figure = (name: string) => (build: ColdBuild) => build.figures[name] ?? Number.NaN;
  const allMs = (build: ColdBuild) => figure('machineBusyMs')(build) + figure('machineOtherMs')(build);
  const lines: Line[] = [
    ['wall time', figure('wallMs'), formatDuration],
    ['CPU time of all jobs', figure('cpuMs'), formatDuration],
    ['cores busy with it', (one) => (100 * figure('cpuMs')(one)) / allMs(one), formatPercent],
    ['cores busy in all', (one) => (100 * figure('machineBusyMs')(one)) / allMs(one), formatPercent],
    ['CPU time ÷ cores', (one) => boundOf(one, alone).cpuMs, formatDuration],
    ['critical path', (one) => boundOf(one, alone).path.durationMs, formatDuration],
    ['wall time ÷ the larger of both', (one) => figure('wallMs')(one) / boundOf(one, alone).boundMs, times],
    ['peak disk of store and work', figure('peakDiskBytes'), formatBytes],
    ['peak growth of the file system', figure('peakGrowthBytes'), formatBytes],
    ['store at the end', figure('storeBytes'), formatBytes],
    ['peak memory of programs', figure('peakProgramBytes'), formatBytes],
    ['peak memory with the cache of files', figure('peakMemoryBytes'), formatBytes],
    ['peak memory of BlazeNeuro itself', figure('peakOwnBytes'), formatBytes],
  ];
  const rows = lines.map(([title, of, format]) => [
    title,
    formatSpread(spreadOf(ours.map(of).filter(isKnown)), format),
    formatSpread(spreadOf(serial.map(of).filter(isKnown)), format),
    format === formatDuration || format === formatBytes ? ratioOf(ours, serial, of) : '',
  ]);
  return markdownTable(['', 'BlazeNeuro', 'one build at a time', 'ratio'], rows);
}

function isKnown(value: number): boolean {
  return !Number.isNaN(value);
}

function ratioOf(
  ours: readonly ColdBuild[],
  serial: readonly ColdBuild[],
  of: (build: ColdBuild) => number,
): string {
  return formatRatio(medianOf(serial.map(of)), medianOf(ours.map(of)));
}

function times(ratio: number): string {
  return `${ratio.toFixed(3)} ×`;
}

/** The run with the middle wall time stands for all of them. */
function middleOf(builds: readonly ColdBuild[]): ColdBuild | undefined {
  const sorted = builds.toSorted((a, b) => (a.figures['wallMs'] ?? 0) - (b.figures['wallMs'] ?? 0));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

function detailTables(build: ColdBuild, alone: ColdBuild | undefined): string[] {
  const bound = boundOf(build, alone);
  const how = bound.isMeasuredAlone ? 'each build alone on all cores' : 'each build by its CPU time ÷ cores';
  return [
    stageTable(build),
    phaseTable(build),
    slowestTable(build, alone),
    idleTable(build),
    `Critical path (${how}): ${bound.path.builds.join(' → ')}.\n`,
  ];
}

function stageTable({ builds }: ColdBuild): string {
  const rows = STAGES.flatMap((stage) => {
    const own = builds.filter(({ build }) => build.startsWith(`${stage}/`));
    if (own.length === 0) return [];
    const start = Math.min(...own.map(({ startMs }) => startMs));
    const end = Math.max(...own.map(({ endMs }) => endMs));
    const cpuMs = sum(own.map((one) => one.cpuMs));
    return [[stage, String(own.length), formatDuration(end - start), formatDuration(cpuMs)]];
  });
  return markdownTable(['stage', 'builds', 'from first start to last end', 'CPU time'], rows);
}

function phaseTable({ builds }: ColdBuild): string {
  const names = [...new Set(builds.flatMap(({ phases }) => Object.keys(phases)))];
  const totals = names.map((name) => ({
    name,
    wallMs: sum(builds.map(({ phases }) => phases[name] ?? 0)),
    cpuMs: sum(builds.map(({ phaseCpu }) => phaseCpu?.[name] ?? 0)),
  }));
  const allMs = sum(totals.map(({ wallMs }) => wallMs));
  const rows = totals
    .toSorted((a, b) => b.wallMs - a.wallMs)
    .map(({ name, wallMs, cpuMs }) => [
      name,
      formatDuration(wallMs),
      formatPercent((100 * wallMs) / allMs),
      cpuMs === 0 ? '–' : formatDuration(cpuMs),
    ]);
  return markdownTable(['phase', 'wall time of all builds', 'share', 'CPU time'], rows);
}

function slowestTable({ builds }: ColdBuild, alone: ColdBuild | undefined): string {
  const aloneMs = new Map(alone?.builds.map((one) => [one.build, one.endMs - one.startMs]) ?? []);
  const rows = builds
    .toSorted((a, b) => b.cpuMs - a.cpuMs)
    .slice(0, 15)
    .map(({ build, startMs, endMs, cpuMs }) => {
      const ownMs = aloneMs.get(build);
      return [
        build,
        formatDuration(cpuMs),
        formatDuration(endMs - startMs),
        ownMs === undefined ? '–' : formatDuration(ownMs),
      ];
    });
  return markdownTable(['build', 'CPU time', 'wall time', 'alone on all cores'], rows);
}

function idleTable(build: ColdBuild): string {
  const rows = idleByBuild(build)
    .slice(0, 8)
    .map(([name, idleMs]) => [name, formatDuration(idleMs)]);
  return markdownTable(['while these ran', 'idle time of cores'], rows);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
