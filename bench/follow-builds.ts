import type { Event } from '#event';
import type { BuildTimes } from './result.ts';

/** Follows the builds of a run by the lines that it prints with `--json`. */
export type Follower = {
  /** Takes one line, with the milliseconds since the start; gives the build that it says is built. */
  take(line: string, atMs: number): string | undefined;
  /** The builds that were built so far, in the order of their ends. */
  readonly builds: readonly BuildTimes[];
};

type Running = {
  readonly startMs: number;
  phase: { readonly name: string; readonly startMs: number } | undefined;
  readonly phases: Record<string, number>;
  readonly phaseCpu: Record<string, number>;
};

/** Begins to follow. */
export function followBuilds(): Follower {
  const builds: BuildTimes[] = [];
  const running = new Map<string, Running>();
  return {
    builds,
    take: (line, atMs) => {
      const event = JSON.parse(line) as Event;
      const nowMs = Math.round(atMs);
      if (event.type === 'action-started') {
        running.set(event.build, { startMs: nowMs, phase: undefined, phases: {}, phaseCpu: {} });
      }
      if (event.type === 'phase-started') begin(running.get(event.build), event.phase, nowMs);
      if (event.type === 'phase-finished') {
        const build = running.get(event.build);
        if (build !== undefined) build.phaseCpu[event.phase] = Math.round(event.cpuMs);
        end(build, nowMs);
      }
      if (event.type !== 'action-finished' || event.outcome !== 'built') return undefined;
      const build = running.get(event.build);
      if (build === undefined) throw new Error(`${event.build} was built and never started`);
      end(build, nowMs);
      const { startMs, phases, phaseCpu } = build;
      const cpu = Object.keys(phaseCpu).length === 0 ? {} : { phaseCpu };
      builds.push({ build: event.build, startMs, endMs: nowMs, cpuMs: event.cpuMs, phases, ...cpu });
      return event.build;
    },
  };
}

function begin(build: Running | undefined, phase: string, nowMs: number): void {
  if (build === undefined) return;
  end(build, nowMs);
  build.phase = { name: phase, startMs: nowMs };
}

/** The last phase of a program that does not tell its ends is over when the build is, with its packing in it. */
function end(build: Running | undefined, nowMs: number): void {
  if (build?.phase === undefined) return;
  const { name, startMs } = build.phase;
  build.phases[name] = (build.phases[name] ?? 0) + nowMs - startMs;
  build.phase = undefined;
}
