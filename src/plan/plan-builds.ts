import { fail, ok, type Problem, type Result } from '#base';
import { type Recipe, STAGES, type Stage } from '#recipe';
import type { BuildName } from './action.ts';
import { closureOf, sysrootOf } from './closure.ts';
import { declaredNeeds, type Graph, makeGraph } from './graph.ts';
import { type ActionInputs, makeAction } from './make-action.ts';
import type { Plan, PlannedBuild } from './plan.ts';

/** Builds of the project that make the image when the profile says `tools: 'own'`. */
export const IMAGE_TOOLS: readonly BuildName[] = [
  'final/bash',
  'final/coreutils',
  'final/dosfstools',
  'final/e2fsprogs',
  'final/grub',
  'final/mtools',
];

/**
 * The plan for targets: `image`, a stage by name or number, or one build. A stage means its builds that the
 * profile's image needs, and the stage's gate (`STAGE/sanity`).
 */
export function planBuilds(
  recipes: ReadonlyMap<string, Recipe>,
  inputs: ActionInputs,
  targets: readonly string[],
): Result<Plan> {
  const graph = makeGraph(recipes, inputs.target);
  if (!graph.ok) return graph;
  const goals: BuildName[] = [];
  for (const target of targets) {
    const names = goalsOf(target, graph.value, inputs);
    if (!names.ok) return names;
    goals.push(...names.value);
  }
  return resolve(graph.value, inputs, [...new Set(goals)]);
}

function imageGoals(graph: Graph, inputs: ActionInputs): Result<BuildName[]> {
  const { profile } = inputs;
  const tools = profile.image.tools === 'own' ? IMAGE_TOOLS : [];
  const wanted = [...profile.packages, profile.kernel.build, ...tools];
  const missing = wanted.find((name) => !graph.builds.has(name));
  if (missing !== undefined) return fail(unknownPackage(missing, inputs));
  const withoutGates = [...new Set(wanted)];
  const stages = new Set(closureOf(graph, withoutGates).map((name) => graph.builds.get(name)?.stage));
  const gates = STAGES.filter((stage) => stages.has(stage)).map((stage) => `${stage}/sanity`);
  return ok([...withoutGates, ...gates.filter((gate) => graph.builds.has(gate))]);
}

function goalsOf(target: string, graph: Graph, inputs: ActionInputs): Result<readonly BuildName[]> {
  if (graph.builds.has(target)) return ok([target]);
  const stage = parseStage(target);
  if (stage === undefined && target !== 'image') return fail(unknownTarget(target, graph));
  const ofImage = imageGoals(graph, inputs);
  if (!ofImage.ok || stage === undefined) return ofImage;
  const all = [...closureOf(graph, ofImage.value), ...ofImage.value];
  return ok(all.filter((name) => graph.builds.get(name)?.stage === stage));
}

/** A stage by name or by its number in the seed, 1 to 5. */
export function parseStage(text: string): Stage | undefined {
  return STAGES.find((stage, index) => text === stage || text === String(index + 1));
}

function resolve(graph: Graph, inputs: ActionInputs, goals: readonly BuildName[]): Result<Plan> {
  const wanted = new Set([...closureOf(graph, goals), ...goals]);
  const builds = new Map<BuildName, PlannedBuild>();
  for (const name of graph.order) {
    const one = graph.builds.get(name);
    if (one === undefined || !wanted.has(name)) continue;
    const made = makeAction(one, inputs);
    if (!made.ok) return made;
    const declared = declaredNeeds(one, graph.builds);
    if (!declared.ok) return declared;
    builds.set(name, {
      name,
      stage: one.stage,
      recipe: one.recipe.name,
      license: one.recipe.license,
      ...(one.recipe.description === undefined ? {} : { description: one.recipe.description }),
      ...(one.recipe.copiesFrom === undefined ? {} : { copiesFrom: one.recipe.copiesFrom }),
      action: made.value.action,
      needs: sysrootOf(graph, name),
      declaredNeeds: declared.value,
      replaces: one.build.replaces,
      exceptions: one.build.exceptions,
      check: one.build.phases.check,
      contents: made.value.contents,
      pins: made.value.pins,
    });
  }
  return ok({ builds, goals });
}

function unknownPackage(name: BuildName, inputs: ActionInputs): Problem {
  return {
    kind: 'bad-profile',
    subject: name,
    message: `The profile ${inputs.profile.name} ships ${name}, and no recipe has such a build`,
    place: `config/profiles/${inputs.profile.name}.ts`,
    hint: 'Packages are named stage/recipe, for example final/grep',
  };
}

function unknownTarget(target: string, graph: Graph): Problem {
  const bare = target.split('/').at(-1) ?? target;
  const near = [...graph.builds.keys()].filter((name) => name.endsWith(`/${bare}`));
  return {
    kind: 'unknown-target',
    subject: target,
    message: `There is no target ${target}`,
    hint:
      near.length > 0
        ? `Did you mean ${near.join(', ')}?`
        : `A target is image, a stage (${STAGES.join(', ')}, or 1 to 5), or a build such as final/grep`,
  };
}
