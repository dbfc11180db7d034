import type { Graph } from '../graph.ts';
import type { BuildTimes, ResultFile, Sample } from '../result.ts';

/** One cold build, put together from its parts. */
export type ColdBuild = {
  readonly arm: string;
  readonly run: string;
  readonly goal: string;
  readonly complete: boolean;
  readonly figures: Readonly<Record<string, number>>;
  /** Times from the start of the first part, as if the parts had followed each other at once. */
  readonly builds: readonly BuildTimes[];
  readonly busyPercents: readonly number[];
  readonly cores: number;
  readonly graph: Graph;
};

/** What the goal of a part of the system says behind its stages. */
export const ANEW = ', all before it being there';

/** What adds up over the parts of a run; of everything else the most counts. */
const SUMS = new Set(['wallMs', 'cpuMs', 'machineBusyMs', 'machineOtherMs']);

/** The cold builds that results tell of, oldest first. */
export function combineParts(results: readonly ResultFile[]): ColdBuild[] {
  const builds = new Map<string, ColdBuild>();
  for (const { samples, machine, graph = {} } of results) {
    for (const sample of samples) {
      const name = `${sample.arm} ${sample.run}`;
      const before = builds.get(name);
      const own = coldBuildOf(sample, machine.cores, graph);
      builds.set(name, before === undefined ? own : join(before, own));
    }
  }
  return [...builds.values()];
}

/** The part of the figures that can be set side by side: complete builds of one goal, by contestant. */
export function completeBuilds(builds: readonly ColdBuild[], goal: string, arm: string): ColdBuild[] {
  return builds.filter((build) => build.complete && build.goal === goal && build.arm === arm);
}

function coldBuildOf(sample: Sample, cores: number, graph: Graph): ColdBuild {
  const { arm, run, complete, figures, builds = [], busyPercents = [] } = sample;
  return { arm, run, goal: goalOf(sample), complete, figures, builds, busyPercents, cores, graph };
}

function goalOf({ targets = ['image'], again = [] }: Sample): string {
  return again.length === 0 ? targets.join(' ') : `${again.join(' ')}${ANEW}`;
}

/** The later part says what the whole was for. */
function join(before: ColdBuild, after: ColdBuild): ColdBuild {
  const offsetMs = before.figures['wallMs'] ?? 0;
  const figures: Record<string, number> = { ...before.figures };
  for (const [name, value] of Object.entries(after.figures)) {
    const earlier = figures[name] ?? 0;
    figures[name] = SUMS.has(name) ? earlier + value : Math.max(earlier, value);
  }
  const moved = after.builds.map((build) => ({
    ...build,
    startMs: build.startMs + offsetMs,
    endMs: build.endMs + offsetMs,
  }));
  return {
    ...after,
    figures,
    builds: [...before.builds, ...moved],
    busyPercents: [...before.busyPercents, ...after.busyPercents],
    graph: { ...before.graph, ...after.graph },
  };
}
