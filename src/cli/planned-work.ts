import type { PlannedWork } from '#event';
import type { BuildName, Plan } from '#plan';

/** The builds of a plan as events tell them: needs that other needs stand for are left out. */
export function plannedWork(plan: Plan, estimateMs: (build: BuildName) => number): PlannedWork[] {
  return [...plan.builds].map(([build, { needs }]) => ({
    build,
    needs: directNeeds(needs, plan),
    estimateMs: estimateMs(build),
  }));
}

/** A build that waits for A, which waits for B, needs no word that it waits for B. */
function directNeeds(needs: readonly BuildName[], plan: Plan): BuildName[] {
  const behind = new Set(needs.flatMap((need) => plan.builds.get(need)?.needs ?? []));
  return needs.filter((need) => !behind.has(need));
}
