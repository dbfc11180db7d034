import type { BuildTimes, CriticalStep, Event, TimedEvent } from '#event';
import { type Span, SpanTracker } from './spans.ts';

/** The event that says where the time of a run went. */
export type Summary = Extract<Event, { type: 'summary' }>;

/** A build of a run that has ended, with what it waited for; times in milliseconds on one clock. */
export type RanBuild = {
  readonly build: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly needs: readonly string[];
};

const SLOWEST_COUNT = 6;

/** Listens to a run, to tell at its end where its time went. */
export class SummaryCollector {
  readonly #spans: Span[] = [];
  readonly #tracker = new SpanTracker((span) => void this.#spans.push(span));
  readonly #needs = new Map<string, readonly string[]>();
  #jobs = 1;

  take(event: TimedEvent): void {
    if (event.type === 'run-planned') {
      this.#jobs = event.jobs;
      for (const { build, needs } of event.work) this.#needs.set(build, needs);
    }
    this.#tracker.take(event);
  }

  /** Undefined when nothing was built. */
  summary(): Summary | undefined {
    const built = this.#spans.filter(({ kind, outcome }) => kind === 'build' && outcome === 'built');
    if (built.length === 0) return undefined;
    const ran = built.map(({ name, startMs, endMs }) => ({
      build: name,
      startMs,
      endMs,
      needs: this.#needs.get(name) ?? [],
    }));
    return {
      type: 'summary',
      slowest: slowest(built),
      phases: timesByPhase(this.#spans),
      criticalPath: criticalPath(ran),
      busyShare: busyShare(built, this.#jobs),
      jobs: this.#jobs,
    };
  }
}

/**
 * The chain of builds that decided when a run ended, the first one first: from the build that ended last back along
 * the need that ended last.
 */
export function criticalPath(ran: readonly RanBuild[]): CriticalStep[] {
  const byName = new Map(ran.map((one) => [one.build, one]));
  const steps: CriticalStep[] = [];
  let last = lastOf(ran);
  while (last !== undefined) {
    const before = lastOf(last.needs.flatMap((need) => byName.get(need) ?? []));
    const waitedMs = before === undefined ? 0 : Math.max(last.startMs - before.endMs, 0);
    steps.unshift({ build: last.build, durationMs: last.endMs - last.startMs, waitedMs });
    // A need that ended later than what needs it would be a circle of clocks; a step is never taken twice.
    byName.delete(last.build);
    last = before;
  }
  return steps;
}

function lastOf(ran: readonly RanBuild[]): RanBuild | undefined {
  return ran.reduce<RanBuild | undefined>(
    (latest, one) => (latest === undefined || one.endMs > latest.endMs ? one : latest),
    undefined,
  );
}

function slowest(built: readonly Span[]): BuildTimes[] {
  return built
    .map(({ name, startMs, endMs, cpuMs = 0 }) => ({ build: name, durationMs: endMs - startMs, cpuMs }))
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, SLOWEST_COUNT);
}

function timesByPhase(spans: readonly Span[]): Summary['phases'] {
  const phases = new Map<string, { phase: string; durationMs: number; cpuMs: number }>();
  for (const { kind, name, startMs, endMs, cpuMs = 0 } of spans) {
    if (kind !== 'phase') continue;
    const times = phases.get(name) ?? { phase: name, durationMs: 0, cpuMs: 0 };
    phases.set(name, times);
    times.durationMs += endMs - startMs;
    times.cpuMs += cpuMs;
  }
  return [...phases.values()].sort((a, b) => b.durationMs - a.durationMs);
}

function busyShare(built: readonly Span[], jobs: number): number {
  const startMs = Math.min(...built.map((span) => span.startMs));
  const wallMs = Math.max(...built.map((span) => span.endMs)) - startMs;
  const cpuMs = built.reduce((total, span) => total + (span.cpuMs ?? 0), 0);
  return wallMs <= 0 ? 0 : Math.round((1000 * cpuMs) / (wallMs * jobs)) / 1000;
}
