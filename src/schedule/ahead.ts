import type { Digest, Result } from '#base';
import type { Jobserver, Seat } from '#jobserver';
import type { BuildName, PlannedBuild } from '#plan';
import type { ArtifactRecord } from '#store';

/** What is done for a build before its turn, while its key is not known. The scheduler does not know what it is. */
export type Ahead = {
  /** Resolves once nothing of it runs any more, however it ended. */
  readonly ended: Promise<void>;
  /** Goes on with the build itself, in its turn; waits for what still runs. */
  build(key: Digest, needs: readonly Digest[], seat: Seat): Promise<Result<ArtifactRecord>>;
  /** Ends it and removes what it made: the build is not run, or another one needs the seat. */
  discard(): Promise<void>;
};

/** How to begin what can be done for a build ahead of its turn; undefined when there is nothing. */
export type PrepareAhead = (planned: PlannedBuild) => (() => Ahead) | undefined;

/** Below every build. */
export const AHEAD_RANK = -1;

/** Each takes disk until its build is done, and more would only lie there. */
const MOST_AHEAD = 2;

type Begun = { readonly ahead: Ahead; readonly seat: Seat };

/** What is done ahead, for which builds: one at a time, in a seat of the lowest rank, which it leaves when it is done. */
export class AheadOfTurn {
  readonly #prepare: PrepareAhead;
  readonly #begun = new Map<BuildName, Begun>();
  readonly #ending = new Set<Promise<void>>();
  readonly #onThrown: (error: unknown) => void;

  constructor(prepare: PrepareAhead, onThrown: (error: unknown) => void) {
    this.#prepare = prepare;
    this.#onThrown = onThrown;
  }

  /**
   * Begins for the first of these builds for which something can be done, if a token is free. Says whether one waits
   * for a token.
   */
  begin(builds: Iterable<PlannedBuild>, jobserver: Jobserver): 'waits' | 'does not wait' {
    if (this.#begun.size >= MOST_AHEAD || this.#running().length > 0 || this.#ending.size > 0)
      return 'does not wait';
    for (const planned of builds) {
      const start = this.#begun.has(planned.name) ? undefined : this.#prepare(planned);
      if (start === undefined) continue;
      const seat = jobserver.takeSeat(AHEAD_RANK);
      if (seat === undefined) return 'waits';
      this.#watch(planned.name, { ahead: start(), seat });
      return 'does not wait';
    }
    return 'does not wait';
  }

  /** The seat in which something still runs for a build: the build may have it. */
  seatOf(name: BuildName): Seat | undefined {
    const seat = this.#begun.get(name)?.seat;
    return seat?.hasLeft === false ? seat : undefined;
  }

  /** What was begun for a build, which is the caller's from now on, with its seat. */
  take(name: BuildName): Ahead | undefined {
    const ahead = this.#begun.get(name)?.ahead;
    this.#begun.delete(name);
    return ahead;
  }

  /** Throws away what was begun for a build that is not to be run. */
  drop(name: BuildName): void {
    const begun = this.#begun.get(name);
    if (begun === undefined) return;
    this.#begun.delete(name);
    void begun.ahead.ended.then(() => begun.seat.leave());
    const ending = begun.ahead
      .discard()
      .catch(this.#onThrown)
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  /** Makes way for a build that finds no token. */
  makeWay(): void {
    for (const name of this.#running()) this.drop(name);
  }

  /** Throws everything away, and resolves when it is gone. */
  async dropAll(): Promise<void> {
    for (const name of [...this.#begun.keys()]) this.drop(name);
    await Promise.all(this.#ending);
  }

  #running(): BuildName[] {
    return [...this.#begun].flatMap(([name, { seat }]) => (seat.hasLeft ? [] : [name]));
  }

  #watch(name: BuildName, begun: Begun): void {
    this.#begun.set(name, begun);
    void begun.ahead.ended.then(() => {
      // Unless its build has the seat by now.
      if (this.#begun.get(name) === begun) begun.seat.leave();
    });
  }
}
