import { criticalPath, type Path } from '../graph.ts';
import type { ColdBuild } from './combine.ts';

/** Below which time no schedule can come. */
export type Bound = {
  readonly cpuMs: number;
  readonly path: Path;
  readonly boundMs: number;
  /** Whether the times of builds that had all cores to themselves are known. */
  readonly isMeasuredAlone: boolean;
};

/**
 * The larger of CPU time by cores and the critical path. A build counts with the time it took alone on all cores.
 * Where nobody measured that, with its CPU time by cores: then the path is shorter than it can be, never longer.
 */
export function boundOf(build: ColdBuild, alone: ColdBuild | undefined): Bound {
  const own = new Map(build.builds.map((one) => [one.build, one.cpuMs / build.cores]));
  const measured = new Map(alone?.builds.map((one) => [one.build, one.endMs - one.startMs]) ?? []);
  const isMeasuredAlone = [...own.keys()].every((name) => measured.has(name));
  const times = isMeasuredAlone ? measured : own;
  const path = criticalPath(build.graph, (name) => times.get(name) ?? 0);
  const cpuMs = (build.figures['cpuMs'] ?? 0) / build.cores;
  return { cpuMs, path, boundMs: Math.max(cpuMs, path.durationMs), isMeasuredAlone };
}

/** Time of cores that nothing used, in milliseconds, by the builds that ran meanwhile; the most first. */
export function idleByBuild(build: ColdBuild): (readonly [string, number])[] {
  const idle = new Map<string, number>();
  const binMs = (build.figures['wallMs'] ?? 0) / build.busyPercents.length;
  build.busyPercents.forEach((percent, bin) => {
    const from = bin * binMs;
    const running = build.builds.filter(({ startMs, endMs }) => startMs < from + binMs && endMs > from);
    const idleMs = (binMs * build.cores * (100 - percent)) / 100;
    for (const { build: name } of running) idle.set(name, (idle.get(name) ?? 0) + idleMs / running.length);
    if (running.length === 0) idle.set('no build', (idle.get('no build') ?? 0) + idleMs);
  });
  return [...idle].filter(([, idleMs]) => idleMs > 0).sort(([, a], [, b]) => b - a);
}
