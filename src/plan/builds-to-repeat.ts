import { fail, ok, type Result } from '#base';
import { STAGES } from '#recipe';
import type { BuildName } from './action.ts';
import type { Plan } from './plan.ts';
import { parseStage } from './plan-builds.ts';

/**
 * The builds of a plan that `--rebuild` means: builds by name, and stages. `image` means none of them, since the
 * image is no build. Problem: what is not in the plan would not be built again, without a word.
 */
export function buildsToRepeat(plan: Plan, targets: readonly string[]): Result<ReadonlySet<BuildName>> {
  const names = new Set<BuildName>();
  for (const target of targets) {
    if (target === 'image') continue;
    const stage = parseStage(target);
    const found = [...plan.builds.values()].filter(
      (planned) => planned.name === target || planned.stage === stage,
    );
    if (found.length === 0) return fail(notInPlan(plan, target));
    for (const { name } of found) names.add(name);
  }
  return ok(names);
}

function notInPlan(plan: Plan, target: string) {
  const bare = target.split('/').at(-1);
  const near = [...plan.builds.keys()].filter((name) => name.split('/').at(-1) === bare);
  return {
    kind: 'unknown-target' as const,
    subject: target,
    message: `--rebuild names ${target}, which is not part of this plan`,
    hint:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : `Name a build of the plan (blazeneuro plan lists them), a stage (${STAGES.join(', ')}), or image`,
  };
}
