import { ok, type Result } from '#base';
import { makePlan } from './make-plan.ts';
import { printPlan } from './plan-command.ts';
import type { Handler } from './run-command.ts';
import type { Session } from './session.ts';
import { tellUpToDate } from './up-to-date.ts';

/** `build [TARGET…]`: everything up to the image, or the targets that are named. */
export function buildCommand(targets: readonly string[]): Handler {
  const goals = targets.length === 0 ? ['image'] : targets;
  return (session) => (session.flags.dryRun ? dryRun(session, goals) : build(session, goals));
}

async function build(session: Session, goals: readonly string[]): Promise<Result<number>> {
  // A slip in a name or a recipe is told at once, before anything is waited for or cleared away.
  const plan = await makePlan(session, goals);
  if (!plan.ok) return plan;
  const done = await tellUpToDate(session, plan.value, goals);
  if (done !== undefined) return done;
  // All that can build is loaded only now: a no-op is mostly start-up.
  const { carryOut } = await import('./carry-out.ts');
  return carryOut(session, goals);
}

async function dryRun(session: Session, goals: readonly string[]): Promise<Result<number>> {
  const plan = await makePlan(session, goals);
  if (!plan.ok) return plan;
  await printPlan(session, plan.value);
  return ok(0);
}
