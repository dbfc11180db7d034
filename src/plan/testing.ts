import { digestOfBytes, type Result } from '#base';
import { defineProfile, defineRecipe, type Profile, type Recipe, script, sh, X86_64 } from '#recipe';
import type { ActionInputs, PlanSource } from './make-action.ts';

/** A small made-up world that has every kind of build: LFS in eleven recipes. */
export const RECIPES: ReadonlyMap<string, Recipe> = byName([
  recipe('layout', { prepare: script({ base: 'none', install: sh`mkdir $OUT/usr` }) }, {}),
  recipe('binutils', {
    toolchain: script({ runsOn: 'build-machine' }),
    temporary: script({}),
    final: script({ needs: ['glibc'] }),
  }),
  recipe(
    'gcc',
    { toolchain: script({ runsOn: 'build-machine', needs: ['binutils'] }) },
    { '.': 'gcc', gmp: 'gmp' },
  ),
  recipe('glibc', { toolchain: script({ needs: ['gcc'] }), final: script({}) }),
  recipe('bash', {
    temporary: script({ needs: ['ncurses'] }),
    final: script({ needs: ['glibc', 'ncurses'] }),
  }),
  recipe('ncurses', { temporary: script({}), final: script({ needs: ['glibc'] }) }),
  recipe('perl', { temporary: script({ sandbox: 'chroot' }) }),
  recipe('texinfo', { temporary: script({ sandbox: 'chroot', needs: ['perl'] }) }),
  recipe('sanity', {
    toolchain: script({ base: 'none', needs: ['glibc'] }),
    final: script({ needs: ['bash'] }),
  }),
  recipe('ld-cache', { system: script({ base: 'none', needs: ['final/bash'] }) }, {}),
  recipe('linux', { system: script({ needs: ['final/binutils'], fromProfile: ['kernel.config'] }) }),
]);

/** A recipe of the given builds; its source is the pin of its own name. */
export function recipe(name: string, builds: Recipe['builds'], sources?: Recipe['sources']): Recipe {
  const input = { name, license: 'MIT', builds };
  return defineRecipe(sources === undefined ? input : { ...input, sources });
}

/** Recipes by name, in the order given. */
export function byName(recipes: readonly Recipe[]): ReadonlyMap<string, Recipe> {
  return new Map(recipes.map((one) => [one.name, one]));
}

/** A profile that ships bash and a kernel. */
export const PROFILE: Profile = defineProfile({
  name: 'tiny',
  description: 'Made up',
  packages: ['final/bash'],
  exclude: [],
  kernel: { build: 'system/linux', fragments: [], commandLine: [] },
  initrd: null,
  hostname: 'made-up',
  timezone: 'UTC',
  services: ['sysctl', 'login'],
  image: { espSizeBytes: 1, rootFreeBytes: 1, tools: 'host' },
});

/** Inputs with a source for every recipe of `recipes`, from mirrors. */
export function inputsFor(
  recipes: ReadonlyMap<string, Recipe>,
  changes: Partial<ActionInputs> = {},
): ActionInputs {
  const pins = [...recipes.values()].flatMap(({ sources }) => Object.values(sources));
  return {
    sources: new Map(pins.map((pin) => [pin, sourceOf(pin)])),
    recipeFiles: new Map(),
    profile: PROFILE,
    kernelConfig: 'CONFIG_EXT4_FS=y\n',
    target: X86_64,
    hostTools: { gcc: 'gcc (Debian 12.2.0-14) 12.2.0' },
    sourceDateEpoch: 1735689600,
    ...changes,
  };
}

/** A made-up source. */
export function sourceOf(name: string, changes: Partial<PlanSource> = {}): PlanSource {
  const archive = `${name}-1.0.tar.xz`;
  return { name, version: '1.0', digest: digestOfBytes(name), archive, origin: 'mirror', ...changes };
}

/** The kind of a result's problem; `ok` for a success. */
export function kindOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.problem.kind;
}
