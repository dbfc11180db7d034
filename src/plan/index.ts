/**
 * Recipes, pins and a profile become a graph of actions with keys. Not what runs them (schedule, build).
 * Invariant: pure. Nothing here touches disk, clock or environment, so equal inputs give equal plans.
 */
export { type Action, type ActionSource, actionKey, type BuildName } from './action.ts';
export { buildsToRepeat } from './builds-to-repeat.ts';
export type { ActionInputs, PlanSource } from './make-action.ts';
export type { Plan, PlannedBuild, RecipeFiles } from './plan.ts';
export { IMAGE_TOOLS, parseStage, planBuilds } from './plan-builds.ts';
