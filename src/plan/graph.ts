import { fail, ok, type Problem, type Result } from '#base';
import { type Build, type Recipe, STAGES, type Stage, type Target } from '#recipe';
import type { BuildName } from './action.ts';

/** A recipe's build in one stage, before its needs are looked up. */
export type GraphBuild = {
  readonly name: BuildName;
  readonly stage: Stage;
  readonly recipe: Recipe;
  readonly build: Build;
};

export type Graph = {
  /** Every build of every recipe, by name. */
  readonly builds: ReadonlyMap<BuildName, GraphBuild>;
  /** What recipes write down themselves. */
  readonly declared: ReadonlyMap<BuildName, readonly BuildName[]>;
  /** Direct edges: what a recipe declares, and what its stage gives it. */
  readonly edges: ReadonlyMap<BuildName, readonly BuildName[]>;
  /** Every build, needs first; equal for equal recipes, whatever order they were read in. */
  readonly order: readonly BuildName[];
};

/** Evaluates the styles and looks every need up. Problems: a need that does not exist, needs in a circle. */
export function makeGraph(recipes: ReadonlyMap<string, Recipe>, target: Target): Result<Graph> {
  const builds = evaluate(recipes, target);
  const declared = new Map<BuildName, readonly BuildName[]>();
  for (const one of builds.values()) {
    const needs = declaredNeeds(one, builds);
    if (!needs.ok) return needs;
    declared.set(one.name, needs.value);
  }
  const edges = new Map<BuildName, readonly BuildName[]>();
  for (const one of builds.values()) {
    const given = givenByStage(one, builds);
    edges.set(one.name, [...new Set([...given, ...(declared.get(one.name) ?? [])])]);
  }
  const order = sortByNeeds(edges);
  return order.ok ? ok({ builds, declared, edges, order: order.value }) : order;
}

function evaluate(recipes: ReadonlyMap<string, Recipe>, target: Target): Map<BuildName, GraphBuild> {
  const builds = new Map<BuildName, GraphBuild>();
  for (const name of [...recipes.keys()].sort()) {
    const recipe = recipes.get(name);
    for (const stage of STAGES) {
      const style = recipe?.builds[stage];
      if (recipe === undefined || style === undefined) continue;
      const full = `${stage}/${name}`;
      builds.set(full, { name: full, stage, recipe, build: style({ stage, target }) });
    }
  }
  return builds;
}

/** The needs that a recipe writes down, as full names. */
export function declaredNeeds(
  one: GraphBuild,
  builds: ReadonlyMap<BuildName, GraphBuild>,
): Result<readonly BuildName[]> {
  const names: BuildName[] = [];
  for (const need of one.build.needs) {
    const name = need.includes('/') ? need : `${one.stage}/${need}`;
    const found = builds.get(name);
    if (found === undefined) return fail(unknownNeed(one, need, builds));
    if (STAGES.indexOf(found.stage) > STAGES.indexOf(one.stage)) return fail(laterNeed(one, name));
    names.push(name);
  }
  return ok(names);
}

/**
 * What LFS's order gives a build without naming it: toolchain builds see the layout; chapter 6 the whole
 * cross-toolchain; `chroot` everything temporary that runs on the target, and nothing that runs on the build machine.
 */
function givenByStage(one: GraphBuild, builds: ReadonlyMap<BuildName, GraphBuild>): BuildName[] {
  return [...builds.values()].filter((other) => isGiven(one, other)).map((other) => other.name);
}

function isGiven(one: GraphBuild, other: GraphBuild): boolean {
  if (one.stage === 'prepare') return false;
  // Without the folders and links of the layout, nothing starts in a `chroot`; `cross` has the host's.
  if (other.stage === 'prepare') return one.build.base === 'stages' || one.build.sandbox === 'chroot';
  if (one.build.base === 'none' || other.build.base === 'none') return false;
  if (one.build.sandbox === 'chroot' && other.build.runsOn === 'build-machine') return false;
  switch (one.stage) {
    case 'toolchain':
      return false;
    case 'temporary':
      if (other.stage === 'toolchain') return true;
      return one.build.sandbox === 'chroot' && other.stage === 'temporary' && other.build.sandbox === 'cross';
    default:
      return other.stage === 'toolchain' || other.stage === 'temporary';
  }
}

function sortByNeeds(edges: ReadonlyMap<BuildName, readonly BuildName[]>): Result<readonly BuildName[]> {
  const order: BuildName[] = [];
  const done = new Set<BuildName>();
  const path: BuildName[] = [];
  const visit = (name: BuildName): Problem | undefined => {
    if (done.has(name)) return undefined;
    if (path.includes(name)) return circle([...path.slice(path.indexOf(name)), name]);
    path.push(name);
    for (const need of edges.get(name) ?? []) {
      const problem = visit(need);
      if (problem !== undefined) return problem;
    }
    path.pop();
    done.add(name);
    order.push(name);
    return undefined;
  };
  for (const name of edges.keys()) {
    const problem = visit(name);
    if (problem !== undefined) return fail(problem);
  }
  return ok(order);
}

function unknownNeed(one: GraphBuild, need: string, builds: ReadonlyMap<BuildName, GraphBuild>): Problem {
  const bare = need.split('/').at(-1);
  const near = [...builds.keys()].filter((name) => name.split('/').at(-1) === bare);
  return {
    kind: 'unknown-need',
    subject: one.name,
    message: `${one.name} needs ${need}, and no recipe has such a build`,
    place: `recipes/${one.recipe.name}/recipe.ts`,
    hint:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : `Write recipes/${bare}/recipe.ts, or take the need out`,
  };
}

function laterNeed(one: GraphBuild, need: BuildName): Problem {
  return {
    kind: 'unknown-need',
    subject: one.name,
    message: `${one.name} needs ${need}, which belongs to a later stage`,
    place: `recipes/${one.recipe.name}/recipe.ts`,
    hint: 'A build can need builds of its own stage and of earlier ones',
  };
}

function circle(names: readonly BuildName[]): Problem {
  return {
    kind: 'needs-in-a-circle',
    subject: names[0] ?? '',
    message: `These builds need each other in a circle: ${names.join(' → ')}`,
    hint: 'Take one of these needs out, or build one of them in an earlier stage as well',
  };
}
