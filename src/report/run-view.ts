import type { Event, PlannedWork, TimedEvent } from '#event';
import { Downloads } from './downloads.ts';
import { chainsBehind, estimateLeftMs, type Progress, shareDone } from './time-left.ts';
import { Transfers } from './transfers.ts';

/** Something that runs now: a build in its phase, a source on its way, a step of the image. */
export type Running = {
  readonly name: string;
  /** Empty where there is none to tell. */
  readonly phase: string;
  readonly startedAtMs: number;
  /** By earlier runs; absent where nobody knows. */
  readonly estimateMs?: number;
};

/** What a run comes to at one moment, for everything that shows it: made of nothing but its events. */
export class RunView {
  readonly #running = new Map<string, Running>();
  readonly #finished = new Map<string, number>();
  #work: readonly PlannedWork[] = [];
  #byName = new Map<string, PlannedWork>();
  #chains: ReadonlyMap<string, number> = new Map();
  #firstStartMs: number | undefined;
  total = 0;
  jobs = 0;
  built = 0;
  reused = 0;
  failed = 0;
  usage: Extract<Event, { type: 'usage' }> | undefined;
  readonly downloads = new Downloads();
  readonly transfers = new Transfers();

  take(event: TimedEvent): void {
    this.downloads.take(event);
    this.transfers.take(event);
    switch (event.type) {
      case 'run-started':
        this.total = event.builds;
        return;
      case 'run-planned':
        this.#plan(event.work, event.jobs);
        return;
      case 'action-started':
        this.#firstStartMs ??= event.atMs;
        this.#start(event.build, '', event.atMs);
        return;
      case 'phase-started': {
        const running = this.#running.get(event.build);
        if (running !== undefined) this.#running.set(event.build, { ...running, phase: event.phase });
        return;
      }
      case 'action-finished':
        this.#finish(event);
        return;
      case 'source-started':
        this.#start(event.name, `from ${event.origin}`, event.atMs);
        return;
      case 'source-finished':
      case 'origin-failed':
        this.#running.delete(event.name);
        return;
      case 'step-started':
        this.#start(event.step, '', event.atMs);
        return;
      case 'step-finished':
        this.#running.delete(event.step);
        return;
      case 'usage':
        this.usage = event;
        return;
    }
  }

  /** What runs now, the oldest first. */
  running(): readonly Running[] {
    return [...this.#running.values()];
  }

  /** How many builds have an end: built, from the store, failed, or never to be run. */
  done(): number {
    return this.#finished.size;
  }

  /** Builds that only wait for their turn, the next first. */
  ready(): readonly string[] {
    const ready = this.#work.filter(
      ({ build, needs }) => this.#isWaiting(build) && needs.every((need) => this.#finished.has(need)),
    );
    const rank = ({ build }: PlannedWork) => this.#chains.get(build) ?? 0;
    return ready.sort((a, b) => rank(b) - rank(a)).map(({ build }) => build);
  }

  /** How many builds wait for others. */
  waiting(): number {
    return this.#work.filter(({ build }) => this.#isWaiting(build)).length - this.ready().length;
  }

  /** Since the first build started; undefined before that. */
  elapsedMs(nowMs: number): number | undefined {
    return this.#firstStartMs === undefined ? undefined : nowMs - this.#firstStartMs;
  }

  /** How long the run goes on; undefined when nothing is known of what is left, or nothing is left. */
  leftMs(nowMs: number): number | undefined {
    if (this.#work.length === 0 || this.done() >= this.total) return undefined;
    return estimateLeftMs(this.#progress(nowMs));
  }

  /** From 0 to 1. */
  shareDone(nowMs: number): number {
    if (this.#work.length === 0) return this.total === 0 ? 0 : this.done() / this.total;
    return shareDone(this.#progress(nowMs));
  }

  #plan(work: readonly PlannedWork[], jobs: number): void {
    this.#work = work;
    this.jobs = jobs;
    this.#byName = new Map(work.map((one) => [one.build, one]));
    this.#chains = chainsBehind(work);
  }

  #start(name: string, phase: string, startedAtMs: number): void {
    const estimateMs = this.#byName.get(name)?.estimateMs;
    this.#running.set(name, {
      name,
      phase,
      startedAtMs,
      ...(estimateMs === undefined ? {} : { estimateMs }),
    });
  }

  #finish({ build, outcome, durationMs }: Extract<Event, { type: 'action-finished' }>): void {
    this.#running.delete(build);
    this.#finished.set(build, outcome === 'reused' ? 0 : Math.max(durationMs, 1));
    if (outcome !== 'stopped') this[outcome] += 1;
  }

  #isWaiting(build: string): boolean {
    return !this.#finished.has(build) && !this.#running.has(build);
  }

  #progress(nowMs: number): Progress {
    const builds = [...this.#running.values()].filter(({ name }) => this.#byName.has(name));
    return {
      work: this.#work,
      jobs: this.jobs,
      finished: this.#finished,
      running: new Map(builds.map(({ name, startedAtMs }) => [name, nowMs - startedAtMs])),
      elapsedMs: this.elapsedMs(nowMs) ?? 0,
    };
  }
}
