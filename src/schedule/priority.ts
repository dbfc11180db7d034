import type { BuildName, Plan } from '#plan';

/** How long each build and everything that waits for it takes at least, in milliseconds: who is first in the queue. */
export function remainingPaths(
  plan: Plan,
  estimateMs: (build: BuildName) => number,
): ReadonlyMap<BuildName, number> {
  const longest = new Map<BuildName, number>();
  for (const name of [...plan.builds.keys()].reverse()) {
    const own = (longest.get(name) ?? 0) + estimateMs(name);
    longest.set(name, own);
    for (const need of plan.builds.get(name)?.needs ?? []) {
      longest.set(need, Math.max(longest.get(need) ?? 0, own));
    }
  }
  return longest;
}
