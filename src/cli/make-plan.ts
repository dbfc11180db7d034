import { ok, type Result } from '#base';
import type { HostTools } from '#host';
import { type Plan, planBuilds } from '#plan';
import { askHostTools, planInputs, type Session } from './session.ts';

/** The plan for targets, from what is chosen so far; nothing is fetched or built. */
export async function makePlan(session: Session, targets: readonly string[]): Promise<Result<Plan>> {
  const tools = await askHostTools(session);
  return tools.ok ? planWith(tools.value, session, targets) : tools;
}

/**
 * The names of the sources that targets take. The host's tools decide keys, and no source: a machine that lacks them
 * can fetch for another one.
 */
export async function sourcesOfTargets(
  session: Session,
  targets: readonly string[],
): Promise<Result<readonly string[]>> {
  const plan = await planWith({}, session, targets);
  if (!plan.ok) return plan;
  return ok([...new Set([...plan.value.builds.values()].flatMap((planned) => planned.pins))]);
}

async function planWith(
  tools: HostTools,
  session: Session,
  targets: readonly string[],
): Promise<Result<Plan>> {
  const recipes = new Map(
    [...session.project.recipes].flatMap(([name, { recipe }]) =>
      recipe === undefined ? [] : [[name, recipe]],
    ),
  );
  return planBuilds(recipes, await planInputs(session, tools), targets);
}
