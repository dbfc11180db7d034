import type { Digest, Problem, Result } from '#base';
import type { Emit } from '#event';
import { actionKey, type BuildName, type Plan, type PlannedBuild } from '#plan';
import type { ArtifactRecord, Store } from '#store';
import { remainingPaths } from './priority.ts';

/** What executes an action. The scheduler does not know how. */
export type Builder = (
  planned: PlannedBuild,
  key: Digest,
  needs: readonly Digest[],
) => Promise<Result<ArtifactRecord>>;

export type ScheduleOptions = {
  readonly store: Store;
  readonly builder: Builder;
  /** Builds at once. */
  readonly parallel: number;
  /** Whether builds that do not need a failed one still run. */
  readonly keepGoing: boolean;
  /** Whether what the store has for a build's key is enough; a build runs again where it is not. */
  readonly mayReuse: (planned: PlannedBuild, record: ArtifactRecord) => boolean;
  /** From earlier runs or shipped figures; only the order of the queue depends on it. */
  readonly estimateMs: (build: BuildName) => number;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
};

/** What came of a run. */
export type RunSummary = {
  readonly records: ReadonlyMap<BuildName, ArtifactRecord>;
  readonly problems: readonly Problem[];
  readonly built: number;
  readonly reused: number;
  readonly failed: number;
  /** Builds that were not run: what they need failed, or the run was stopped before their turn. */
  readonly stopped: number;
  readonly cpuMs: number;
};

/**
 * Runs a plan: a build starts as soon as all its needs have artifacts, the one with the longest path behind it first.
 * A key that the store knows is not built again. After a failure nothing new starts (unless `keepGoing`).
 */
export async function schedule(plan: Plan, options: ScheduleOptions): Promise<RunSummary> {
  return new Run(plan, options).finish();
}

class Run {
  readonly #plan: Plan;
  readonly #options: ScheduleOptions;
  readonly #records = new Map<BuildName, ArtifactRecord>();
  readonly #problems: Problem[] = [];
  readonly #waiting: Set<BuildName>;
  readonly #running = new Map<BuildName, Promise<void>>();
  readonly #ready: {
    readonly planned: PlannedBuild;
    readonly key: Digest;
    readonly needs: readonly Digest[];
  }[] = [];
  readonly #path: ReadonlyMap<BuildName, number>;
  #built = 0;
  #reused = 0;
  #failed = 0;
  #cpuMs = 0;

  constructor(plan: Plan, options: ScheduleOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#waiting = new Set(plan.builds.keys());
    this.#path = remainingPaths(plan, options.estimateMs);
  }

  async finish(): Promise<RunSummary> {
    await this.#findReady();
    while (this.#running.size > 0 || (this.#ready.length > 0 && !this.#mayNotStart())) {
      while (this.#running.size < this.#options.parallel && this.#startNext());
      await Promise.race(this.#running.values());
      await this.#findReady();
    }
    const stopped = this.#reportStopped();
    return {
      records: this.#records,
      problems: this.#problems,
      built: this.#built,
      reused: this.#reused,
      failed: this.#failed,
      stopped,
      cpuMs: this.#cpuMs,
    };
  }

  /** Moves builds whose needs are all there out of the waiting set: into the results when the store has them. */
  async #findReady(): Promise<void> {
    for (const name of [...this.#waiting]) {
      const planned = this.#plan.builds.get(name);
      const needs = planned?.needs.map((need) => this.#records.get(need)?.artifact);
      if (planned === undefined || needs === undefined || !needs.every((need) => need !== undefined))
        continue;
      this.#waiting.delete(name);
      const key = actionKey(planned.action, needs);
      const known = await this.#options.store.lookUp(key);
      if (known !== undefined && this.#options.mayReuse(planned, known)) this.#reuse(name, known);
      else this.#ready.push({ planned, key, needs });
    }
    this.#ready.sort((a, b) => this.#rank(b.planned.name) - this.#rank(a.planned.name));
  }

  #startNext(): boolean {
    const next = this.#mayNotStart() ? undefined : this.#ready.shift();
    if (next === undefined) return false;
    const { name } = next.planned;
    this.#running.set(
      name,
      this.#build(next.planned, next.key, next.needs).finally(() => this.#running.delete(name)),
    );
    return true;
  }

  async #build(planned: PlannedBuild, key: Digest, needs: readonly Digest[]): Promise<void> {
    const { emit, builder } = this.#options;
    const startedAtMs = Date.now();
    emit({ type: 'action-started', build: planned.name, key, log: `logs/${planned.name}.log` });
    const result = await builder(planned, key, needs);
    const durationMs = Date.now() - startedAtMs;
    const facts = { type: 'action-finished', build: planned.name, key, durationMs } as const;
    if (result.ok) {
      this.#records.set(planned.name, result.value);
      this.#built += 1;
      this.#cpuMs += result.value.cpuMs;
      emit({ ...facts, outcome: 'built', cpuMs: result.value.cpuMs, artifact: result.value.artifact });
      return;
    }
    this.#problems.push(result.problem);
    const interrupted = result.problem.kind === 'interrupted';
    if (!interrupted) this.#failed += 1;
    emit({ ...facts, outcome: interrupted ? 'stopped' : 'failed', cpuMs: 0, problem: result.problem });
  }

  #reuse(name: BuildName, record: ArtifactRecord): void {
    this.#records.set(name, record);
    this.#reused += 1;
    const { key, artifact } = record;
    this.#options.emit({
      type: 'action-finished',
      build: name,
      outcome: 'reused',
      key,
      artifact,
      durationMs: 0,
      cpuMs: 0,
    });
  }

  #mayNotStart(): boolean {
    if (this.#options.signal?.aborted === true) return true;
    return this.#problems.length > 0 && !this.#options.keepGoing;
  }

  #reportStopped(): number {
    const left = [...this.#waiting, ...this.#ready.map(({ planned }) => planned.name)];
    for (const build of left) {
      this.#options.emit({ type: 'action-finished', build, outcome: 'stopped', durationMs: 0, cpuMs: 0 });
    }
    return left.length;
  }

  #rank(name: BuildName): number {
    return this.#path.get(name) ?? 0;
  }
}
