import { fail, ok, type Result } from '#base';
import type { PlannedBuild } from '#plan';
import { type BuildState, knownKeys } from './known-keys.ts';
import { makePlan } from './make-plan.ts';
import type { Session } from './session.ts';

/** One build as planned, with what is known of it. */
export type OneBuild = { readonly planned: PlannedBuild; readonly state: BuildState };

/** Looks a build up by name. Problem: there is none. */
export async function findBuild(session: Session, name: string): Promise<Result<OneBuild>> {
  const plan = await makePlan(session, [name]);
  if (!plan.ok) return plan;
  const planned = plan.value.builds.get(name);
  const state = (await knownKeys(plan.value, session.store)).get(name);
  if (planned === undefined || state === undefined) {
    return fail({
      kind: 'unknown-target',
      subject: name,
      message: `${name} is not one build`,
      hint: 'Name one, such as final/grep',
    });
  }
  return ok({ planned, state });
}

/** The problem of asking about an artifact that is not there. */
export function notBuilt(name: string): Result<never> {
  return fail({
    kind: 'not-built',
    subject: name,
    message: `${name} has not been built as it stands now`,
    hint: `Build it: blazeneuro build ${name}`,
  });
}
