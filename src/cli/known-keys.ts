import type { Digest } from '#base';
import { actionKey, type BuildName, type Plan } from '#plan';
import type { ArtifactRecord, Store } from '#store';

/** What is known of a build without building: its key, as far as its needs are there, and what the store has. */
export type BuildState = {
  /** Undefined past the first missing build: what it needs decides its key. */
  readonly key: Digest | undefined;
  readonly record: ArtifactRecord | undefined;
};

/** Walks a plan's keys as far as the store's artifacts go. */
export async function knownKeys(plan: Plan, store: Store): Promise<ReadonlyMap<BuildName, BuildState>> {
  const states = new Map<BuildName, BuildState>();
  for (const [name, planned] of plan.builds) {
    const needs = planned.needs.map((need) => states.get(need)?.record?.artifact);
    const key = needs.every((need) => need !== undefined) ? actionKey(planned.action, needs) : undefined;
    states.set(name, { key, record: key === undefined ? undefined : await store.lookUp(key) });
  }
  return states;
}
