import { fail, type Problem, type Result } from '#base';
import type { BuildName, Plan } from '#plan';
import { type CheckBeforeUse, describeFault, type StoreFault } from '#store';
import { imageBuilds } from './image-parts.ts';
import { knownKeys } from './known-keys.ts';
import type { Session } from './session.ts';

export type UseOptions = {
  readonly targets: readonly string[];
  /** Builds that run although the store has what they gave. */
  readonly repeated: ReadonlySet<BuildName>;
  readonly check: CheckBeforeUse;
};

/**
 * Checks by content what a run will use: what its builds need, their sources, and what goes into the image. What is
 * damaged is set aside, and is then itself to be built, on top of what has to be sound in turn.
 */
export async function checkWhatIsUsed(
  session: Session,
  plan: Plan,
  { targets, repeated, check }: UseOptions,
): Promise<void> {
  const ofImage = targets.includes('image') ? imageBuilds(session, plan) : [];
  for (;;) {
    const states = await knownKeys(plan, session.store);
    const artifactOf = (name: BuildName) => states.get(name)?.record?.artifact ?? [];
    const left = [...plan.builds.values()].filter(
      ({ name }) => repeated.has(name) || states.get(name)?.record === undefined,
    );
    const faults = await check(
      {
        artifacts: [...left.flatMap(({ needs }) => needs), ...ofImage].flatMap(artifactOf),
        blobs: left.flatMap(({ action }) => action.sources.map(({ digest }) => digest)),
      },
      session.signal,
    );
    for (const fault of faults) tell(session, fault);
    if (faults.length === 0) return;
  }
}

/** The problem of a build or image that was about to use what is damaged; the next run builds that first. */
export function damagedWhenUsed(
  session: Session,
  user: string,
  faults: readonly StoreFault[],
): Result<never> | undefined {
  if (faults.length === 0) return undefined;
  for (const fault of faults) tell(session, fault);
  const problem: Problem = {
    kind: 'artifact-damaged',
    subject: user,
    message: `${user} needs what is damaged in the store; it is set aside, and is to be built first`,
    details: faults.map(describeFault),
    hint: 'Run the same command again',
  };
  return fail(problem);
}

function tell({ emit }: Session, fault: StoreFault): void {
  const message = `Damaged in the store, set aside, to be made anew: ${describeFault(fault)}`;
  emit({ type: 'note', level: 'warning', message });
}
