import type { Digest } from '#base';
import type { Action, BuildName, Plan, PlannedBuild } from '#plan';
import type { ArtifactRecord } from '#store';
import type { BuildState } from './known-keys.ts';
import { type Change, compareActions } from './why-changes.ts';

/** A build that is where a difference begins: what changed there is no consequence of something else. */
export type Cause = {
  readonly build: BuildName;
  /**
   * `other-bytes`: built again from the same inputs, it came out different. `artifact-gone`: nothing changed, and the
   * store has its artifact no more.
   */
  readonly kind: 'inputs-changed' | 'never-built' | 'other-bytes' | 'artifact-gone';
  readonly changed: readonly Change[];
  readonly needsAdded: readonly BuildName[];
  readonly needsRemoved: readonly BuildName[];
};

/** Why a build is to be built, or not. */
export type Explanation = {
  readonly build: BuildName;
  /** Null past the first missing build: what it needs decides its key. */
  readonly key: Digest | null;
  readonly present: boolean;
  /** Its own inputs that are others since its newest artifact; null when it has none. */
  readonly changed: readonly Change[] | null;
  readonly needsAdded: readonly BuildName[];
  readonly needsRemoved: readonly BuildName[];
  /** Needs whose artifact is another; `now` is null for one that has yet to be built. */
  readonly needsChanged: readonly {
    readonly build: BuildName;
    readonly before: Digest;
    readonly now: Digest | null;
  }[];
  /** Needs that have no artifact as they stand now: until they do, the key is not known. */
  readonly needsMissing: readonly BuildName[];
  /** Where the differences begin, needs first; empty when there are none. */
  readonly causes: readonly Cause[];
};

/** What a store knows of the past. */
export type Past = {
  readonly last: ReadonlyMap<BuildName, ArtifactRecord>;
  readonly records: readonly ArtifactRecord[];
};

type Inputs = { readonly action: Action; readonly needs: Readonly<Record<BuildName, Digest>> };

/** Follows the differences of a build, since its newest artifact, down to where they begin. */
export function explain(
  planned: PlannedBuild,
  plan: Plan,
  states: ReadonlyMap<BuildName, BuildState>,
  past: Past,
): Explanation {
  const state = states.get(planned.name);
  const last = past.last.get(planned.name);
  const compared = last === undefined ? undefined : compare(planned, last, states);
  const isPresent = state?.record !== undefined;
  return {
    build: planned.name,
    key: state?.key ?? null,
    present: isPresent,
    changed: compared?.changed ?? null,
    needsAdded: compared?.needsAdded ?? [],
    needsRemoved: compared?.needsRemoved ?? [],
    needsChanged: compared?.needsChanged ?? [],
    needsMissing: planned.needs.filter((need) => states.get(need)?.record === undefined),
    causes: isPresent ? [] : findCauses(planned, plan, states, past),
  };
}

function findCauses(
  start: PlannedBuild,
  plan: Plan,
  states: ReadonlyMap<BuildName, BuildState>,
  past: Past,
): Cause[] {
  const causes = new Map<BuildName, Cause>();
  const seen = new Set<BuildName>();
  const visit = (planned: PlannedBuild, record: ArtifactRecord | undefined): void => {
    if (seen.has(planned.name)) return;
    seen.add(planned.name);
    const none = { build: planned.name, changed: [], needsAdded: [], needsRemoved: [] };
    if (record === undefined) {
      causes.set(planned.name, { ...none, kind: 'never-built' });
      return;
    }
    const { needsChanged, ...own } = compare(planned, record, states);
    if (own.changed.length + own.needsAdded.length + own.needsRemoved.length > 0) {
      causes.set(planned.name, { build: planned.name, kind: 'inputs-changed', ...own });
    } else if (needsChanged.length === 0) {
      const isGone = states.get(planned.name)?.record === undefined;
      causes.set(planned.name, { ...none, kind: isGone ? 'artifact-gone' : 'other-bytes' });
    }
    for (const { build, before } of needsChanged) {
      const need = plan.builds.get(build);
      if (need !== undefined) visit(need, recordOf(build, before, past));
    }
  };
  visit(start, past.last.get(start.name));
  return [...plan.builds.keys()].flatMap((name) => causes.get(name) ?? []);
}

/** The record that gave the artifact that was used; or else the newest, as the nearest that is known. */
function recordOf(build: BuildName, artifact: Digest, { last, records }: Past): ArtifactRecord | undefined {
  const newest = last.get(build);
  if (newest?.artifact === artifact) return newest;
  return records.find((record) => record.build === build && record.artifact === artifact) ?? newest;
}

function compare(
  planned: PlannedBuild,
  record: ArtifactRecord,
  states: ReadonlyMap<BuildName, BuildState>,
): Pick<Cause, 'changed' | 'needsAdded' | 'needsRemoved'> & Pick<Explanation, 'needsChanged'> {
  const { action, needs: before } = record.inputs as Inputs;
  const common = planned.needs.flatMap((build) => {
    const was = before[build];
    return was === undefined
      ? []
      : [{ build, before: was, now: states.get(build)?.record?.artifact ?? null }];
  });
  return {
    changed: compareActions(action, planned.action),
    needsAdded: planned.needs.filter((need) => before[need] === undefined),
    needsRemoved: Object.keys(before).filter((need) => !planned.needs.includes(need)),
    needsChanged: common.filter(({ before: was, now }) => was !== now),
  };
}
