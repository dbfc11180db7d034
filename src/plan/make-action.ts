import { type Digest, digestOfBytes, fail, ok, type Problem, type Result } from '#base';
import {
  environmentOf,
  finishPhase,
  PHASES,
  type Profile,
  type ProfileField,
  type Recipe,
  SANDBOX_PATHS,
  type Target,
} from '#recipe';
import type { Action, ActionSource } from './action.ts';
import type { GraphBuild } from './graph.ts';
import type { RecipeFiles } from './plan.ts';

/** The bytes that a pin stands for, once an origin has been chosen. */
export type PlanSource = {
  readonly name: string;
  readonly version: string;
  readonly digest: Digest;
  /** File name of the archive. */
  readonly archive: string;
  readonly member?: string;
  /** `apt`, `mirror`, `https`, `file`: which fix-ups of the recipe apply. */
  readonly origin: string;
};

/** What actions are made of besides recipes. */
export type ActionInputs = {
  readonly sources: ReadonlyMap<string, PlanSource>;
  /** Files beside a recipe, `files/…` and `patches/…`, by recipe name and relative path. */
  readonly recipeFiles: ReadonlyMap<string, RecipeFiles>;
  readonly profile: Profile;
  /** The profile's kernel fragments, merged. */
  readonly kernelConfig: string;
  readonly target: Target;
  readonly hostTools: Readonly<Record<string, string>>;
  readonly sourceDateEpoch: number;
};

/** An action with the contents of its files. */
export type ActionWithContents = {
  readonly action: Action;
  readonly contents: ReadonlyMap<Digest, Uint8Array>;
  readonly pins: readonly string[];
};

/** Resolves a build fully. Problem: a pin that does not exist. */
export function makeAction(one: GraphBuild, inputs: ActionInputs): Result<ActionWithContents> {
  const files = filesOf(one, inputs);
  const sources: ActionSource[] = [];
  for (const [folder, pin] of Object.entries(one.recipe.sources).sort(byName)) {
    const source = inputs.sources.get(pin);
    if (source === undefined) return fail(unknownPin(one.recipe, pin));
    sources.push(actionSource(folder, source, one.recipe, inputs));
  }
  const contents = new Map([...files.values()].map((bytes) => [digestOfBytes(bytes), bytes] as const));
  const action: Action = {
    format: 1,
    build: one.name,
    version: inputs.sources.get(one.recipe.sources['.'] ?? '')?.version ?? '0',
    target: inputs.target,
    sandbox: one.build.sandbox,
    hostTools: one.build.sandbox === 'cross' ? inputs.hostTools : null,
    sources,
    files: Object.fromEntries([...files].map(([path, bytes]) => [path, digestOfBytes(bytes)])),
    env: environmentOf(one.stage, one.build, inputs.target, inputs.sourceDateEpoch),
    phases: phasesOf(one),
    exceptions: one.build.exceptions,
  };
  return ok({ action, contents, pins: [...new Set(Object.values(one.recipe.sources))].sort() });
}

function phasesOf(one: GraphBuild): Action['phases'] {
  const own = PHASES.filter((phase) => phase !== 'check').flatMap((name) => {
    const script = one.build.phases[name];
    return script === undefined ? [] : [{ name, script }];
  });
  return [...own, { name: 'finish', script: finishPhase(one.stage) }];
}

/** Recipe files, the patches of the chosen origins, and profile fields, by path below /build. */
function filesOf(one: GraphBuild, inputs: ActionInputs): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const own = inputs.recipeFiles.get(one.recipe.name) ?? new Map<string, Uint8Array>();
  const wanted = Object.values(one.recipe.sources).flatMap((pin) => patchPaths(pin, inputs));
  for (const [path, bytes] of [...own].sort(byName)) {
    if (path.startsWith('files/') || wanted.includes(path)) files.set(path, bytes);
  }
  for (const pin of Object.values(one.recipe.sources)) {
    for (const path of patchPaths(pin, inputs)) {
      const bytes = inputs.recipeFiles.get(pin)?.get(path);
      if (pin !== one.recipe.name && bytes !== undefined) files.set(foreignPatch(pin, path), bytes);
    }
  }
  for (const field of one.build.fromProfile) {
    files.set(`profile/${field}`, new TextEncoder().encode(profileField(field, inputs)));
  }
  return files;
}

/**
 * The patches of a source lie with the recipe of the same name, so that gcc and libstdcxx, which share a source,
 * share its fix-ups too.
 */
function patchPaths(pin: string, inputs: ActionInputs): string[] {
  const source = inputs.sources.get(pin);
  const paths = [...(inputs.recipeFiles.get(pin)?.keys() ?? [])];
  return paths
    .filter((path) => /^patches\/[^/]+$/.test(path) || path.startsWith(`patches/${source?.origin}/`))
    .sort();
}

function foreignPatch(pin: string, path: string): string {
  return path.replace(/^patches\//, `patches/of-${pin}/`);
}

function actionSource(
  folder: string,
  source: PlanSource,
  recipe: Recipe,
  inputs: ActionInputs,
): ActionSource {
  const patches = patchPaths(source.name, inputs).map((path) =>
    source.name === recipe.name ? path : foreignPatch(source.name, path),
  );
  const leaveOut = recipe.leaveOut?.[folder];
  return {
    folder,
    digest: source.digest,
    archive: source.archive,
    ...(source.member === undefined ? {} : { member: source.member }),
    ...(leaveOut === undefined ? {} : { leaveOut }),
    patches: patches.map((path) => `${SANDBOX_PATHS.work}/${path}`),
  };
}

function profileField(field: ProfileField, inputs: ActionInputs): string {
  switch (field) {
    case 'kernel.config':
      return inputs.kernelConfig;
    case 'hostname':
      return `${inputs.profile.hostname}\n`;
    case 'timezone':
      return `${inputs.profile.timezone}\n`;
    case 'services':
      return inputs.profile.services.map((name) => `${name}\n`).join('');
    case 'accounts':
      return (inputs.profile.accounts ?? [])
        .map(({ name, id, description, home }) => `${name}:${id}:${description}:${home ?? '/dev/null'}\n`)
        .join('');
  }
}

function unknownPin(recipe: Recipe, pin: string): Problem {
  return {
    kind: 'bad-recipe',
    subject: recipe.name,
    message: `The recipe ${recipe.name} takes the source ${pin}, and config/packages.list has no line for it`,
    place: `recipes/${recipe.name}/recipe.ts`,
    hint: `Pin it: blazeneuro pin ${pin} VERSION URL`,
  };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
