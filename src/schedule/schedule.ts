import type { Digest, Problem, Result } from '#base';
import type { Emit } from '#event';
import type { Jobserver, Seat } from '#jobserver';
import { actionKey, type BuildName, type Plan, type PlannedBuild } from '#plan';
import type { ArtifactRecord, Store } from '#store';
import { firstThatFits } from './admission.ts';
import { AHEAD_RANK, AheadOfTurn, type PrepareAhead } from './ahead.ts';
import { remainingPaths } from './priority.ts';
import { Signal } from './signal.ts';

/** What executes an action. The scheduler does not know how. It may leave the seat before it is done. */
export type Builder = (
  planned: PlannedBuild,
  key: Digest,
  needs: readonly Digest[],
  seat: Seat,
) => Promise<Result<ArtifactRecord>>;

/** Memory as builds share it, in bytes. */
export type MemoryPlan = {
  readonly budgetBytes: number;
  readonly expectedBytes: (build: BuildName) => number;
};

export type ScheduleOptions = {
  readonly store: Store;
  readonly builder: Builder;
  /** What may use a token that nobody claims, while all builds that are left wait for others. Default: nothing. */
  readonly prepareAhead?: PrepareAhead;
  /** Its tokens are shared by all that runs; a build starts only when one is left for it. */
  readonly jobserver: Jobserver;
  /** Default: no build takes any. */
  readonly memory?: MemoryPlan;
  /** Whether builds that do not need a failed one still run. */
  readonly keepGoing: boolean;
  /** Whether a build starts only when no other runs or is packed; it then has all tokens. Default: it does not. */
  readonly oneByOne?: boolean;
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
 * Runs a plan: a build starts as soon as all its needs have artifacts, a token is free and its memory fits, the one
 * with the longest path behind it first. A key that the store knows is not built again. After a failure nothing new
 * starts (unless `keepGoing`). What the builder throws is thrown once all that runs has ended.
 */
export async function schedule(plan: Plan, options: ScheduleOptions): Promise<RunSummary> {
  return new Run(plan, options).finish();
}

type ReadyBuild = {
  readonly planned: PlannedBuild;
  readonly key: Digest;
  readonly needs: readonly Digest[];
};

class Run {
  readonly #plan: Plan;
  readonly #options: ScheduleOptions;
  readonly #records = new Map<BuildName, ArtifactRecord>();
  readonly #problems: Problem[] = [];
  readonly #waiting: Set<BuildName>;
  /** Until their artifact is in the store; those whose seat is left are only packed. */
  readonly #running = new Map<BuildName, Seat>();
  #ready: ReadyBuild[] = [];
  readonly #path: ReadonlyMap<BuildName, number>;
  readonly #thrown: unknown[] = [];
  readonly #change = new Signal();
  readonly #ahead: AheadOfTurn;
  #hasNewRecords = true;
  #built = 0;
  #reused = 0;
  #failed = 0;
  #cpuMs = 0;

  constructor(plan: Plan, options: ScheduleOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#waiting = new Set(plan.builds.keys());
    this.#path = remainingPaths(plan, options.estimateMs);
    this.#ahead = new AheadOfTurn(
      options.prepareAhead ?? (() => undefined),
      (error) => void this.#thrown.push(error),
    );
  }

  async finish(): Promise<RunSummary> {
    const { jobserver } = this.#options;
    jobserver.listen(() => this.#change.raise());
    for (;;) {
      await this.#findReady();
      this.#startAll();
      // The last one may have ended while the store was asked about another: then its dependents were not looked at.
      // And what was done ahead may still have to make way for the next.
      if (this.#running.size === 0 && !this.#hasNewRecords && this.#nextToStart() === undefined) break;
      await this.#change.raised();
    }
    jobserver.setWaiting(undefined);
    await this.#ahead.dropAll();
    if (this.#thrown.length > 0) throw this.#thrown[0];
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
    if (!this.#hasNewRecords) return;
    this.#hasNewRecords = false;
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

  /** Starts what may start, the best first, and lets the jobserver know when one waits for nothing but a token. */
  #startAll(): void {
    const { jobserver } = this.#options;
    for (;;) {
      const next = this.#nextToStart();
      if (next === undefined) break;
      const rank = this.#rank(next.planned.name);
      const seat = this.#ahead.seatOf(next.planned.name) ?? jobserver.takeSeat(rank);
      if (seat === undefined) {
        this.#ahead.makeWay();
        jobserver.setWaiting(rank);
        return;
      }
      seat.setRank(rank);
      this.#start(next, seat);
    }
    const waits = this.#mayNotStart()
      ? false
      : this.#ahead.begin(this.#notSoonReady(), jobserver) === 'waits';
    jobserver.setWaiting(waits ? AHEAD_RANK : undefined);
  }

  /** Builds whose turn is not next, the best first; none where tokens have a better use, or these may never run. */
  #notSoonReady(): PlannedBuild[] {
    if (this.#mayNotStart() || this.#options.oneByOne === true) return [];
    if (this.#problems.length > 0 || this.#readySoon().length > 0) return [];
    const waiting = [...this.#waiting].flatMap((name) => this.#plan.builds.get(name) ?? []);
    return waiting.sort((a, b) => this.#rank(b.name) - this.#rank(a.name));
  }

  #nextToStart(): ReadyBuild | undefined {
    const { jobserver, memory, oneByOne } = this.#options;
    if (this.#mayNotStart() || (oneByOne === true && this.#running.size > 0)) return undefined;
    const seated = [...this.#running].flatMap(([name, seat]) => (seat.hasLeft ? [] : [name]));
    const expected = (name: BuildName) => memory?.expectedBytes(name) ?? 0;
    const next = firstThatFits(
      this.#ready.map(({ planned }) => ({ name: planned.name, expectedBytes: expected(planned.name) })),
      seated.map(expected),
      memory?.budgetBytes ?? Number.POSITIVE_INFINITY,
    );
    if (next === undefined) return undefined;
    // What is being packed makes others ready in a moment: those that outrank this one would find every seat taken.
    const kept = this.#readySoon().filter((name) => this.#rank(name) > this.#rank(next)).length;
    const packed = this.#running.size - seated.length;
    if (seated.length + Math.min(kept, packed) >= jobserver.tokens) return undefined;
    return this.#ready.find(({ planned }) => planned.name === next);
  }

  /** Builds that wait for nothing but builds that are packed just now. */
  #readySoon(): BuildName[] {
    const isPacked = (name: BuildName) => this.#running.get(name)?.hasLeft === true;
    return [...this.#waiting].filter((name) =>
      this.#plan.builds.get(name)?.needs.every((need) => this.#records.has(need) || isPacked(need)),
    );
  }

  #start(build: ReadyBuild, seat: Seat): void {
    const { name } = build.planned;
    this.#ready = this.#ready.filter((other) => other !== build);
    this.#running.set(name, seat);
    this.#build(build, seat)
      .catch((error: unknown) => void this.#thrown.push(error))
      .finally(() => {
        this.#running.delete(name);
        this.#hasNewRecords = true;
        seat.leave();
        this.#change.raise();
      });
  }

  async #build({ planned, key, needs }: ReadyBuild, seat: Seat): Promise<void> {
    const { emit, builder } = this.#options;
    const startedAtMs = Date.now();
    emit({ type: 'action-started', build: planned.name, key, log: `logs/${planned.name}.log` });
    const ahead = this.#ahead.take(planned.name);
    const result = await (ahead?.build(key, needs, seat) ?? builder(planned, key, needs, seat));
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
    this.#ahead.drop(name);
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
    if (this.#options.signal?.aborted === true || this.#thrown.length > 0) return true;
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
