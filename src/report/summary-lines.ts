import { formatDuration } from '#base';
import type { Ink } from './ink.ts';
import type { Summary } from './run-summary.ts';

/** Less than this of waiting is the time that any start takes. */
const WORTH_TELLING_MS = 1000;

/** A path of more steps than this is told in its longest ones. */
const PATH_STEPS = 8;

/** Where the time of a run went, in a few lines for people. */
export function summaryLines(summary: Summary, ink: Ink): readonly string[] {
  return [
    ...slowestLines(summary),
    phasesLine(summary),
    ...criticalLines(summary),
    `${summary.jobs} jobs, busy ${percent(summary.busyShare)} of the time that builds ran`,
  ]
    .filter((line) => line !== '')
    .map((line) => ink.dim(line));
}

function slowestLines({ slowest, phases }: Summary): readonly string[] {
  if (slowest.length === 1) return [];
  // Phases leave out what a build does outside of them; they are there for almost all of it.
  const allMs = Math.max(sum(phases), sum(slowest));
  const names = Math.max(...slowest.map(({ build }) => build.length));
  const lines = slowest.map(
    ({ build, durationMs }) =>
      `  ${build.padEnd(names)} ${formatDuration(durationMs).padStart(12)} ${percent(share(durationMs, allMs)).padStart(5)}`,
  );
  return ['slowest builds, and their share of the time of all:', ...lines];
}

function phasesLine({ phases }: Summary): string {
  if (phases.length === 0) return '';
  const allMs = sum(phases);
  // What would be told as 0 % is left out.
  const parts = phases
    .filter(({ durationMs }) => share(durationMs, allMs) >= 0.005)
    .map(({ phase, durationMs }) => `${phase} ${percent(share(durationMs, allMs))}`);
  return parts.length === 0 ? '' : `by phase: ${parts.join(', ')}`;
}

function criticalLines({ criticalPath }: Summary): readonly string[] {
  if (criticalPath.length === 1) return [];
  const allMs = sum(criticalPath);
  const waitedMs = criticalPath.reduce((total, step) => total + step.waitedMs, 0);
  const waited = waitedMs < WORTH_TELLING_MS ? '' : `, and ${formatDuration(waitedMs)} of waiting for a turn`;
  const longest = [...criticalPath].sort((a, b) => b.durationMs - a.durationMs).slice(0, PATH_STEPS);
  const shown = criticalPath.filter((step) => longest.includes(step)).map(({ build }) => build);
  const more = criticalPath.length - shown.length;
  return [
    `the chain that ended last: ${criticalPath.length} builds, ${formatDuration(allMs)}${waited}`,
    `  ${shown.join(' > ')}${more === 0 ? '' : ` (and ${more} shorter ones)`}`,
  ];
}

function sum(times: readonly { readonly durationMs: number }[]): number {
  return times.reduce((total, { durationMs }) => total + durationMs, 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}
