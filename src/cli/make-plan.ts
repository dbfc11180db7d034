import type { Result } from '#base';
import { type Plan, planBuilds } from '#plan';
import { planInputs, type Session } from './session.ts';

/** The plan for targets, from what is chosen so far; nothing is fetched or built. */
export async function makePlan(session: Session, targets: readonly string[]): Promise<Result<Plan>> {
  const inputs = await planInputs(session);
  if (!inputs.ok) return inputs;
  const recipes = new Map(
    [...session.project.recipes].flatMap(([name, { recipe }]) =>
      recipe === undefined ? [] : [[name, recipe]],
    ),
  );
  return planBuilds(recipes, inputs.value, targets);
}
