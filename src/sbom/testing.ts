import { type Digest, digestOfBytes, unwrap } from '#base';
import { type ActionInputs, type Plan, planBuilds } from '#plan';
import {
  autotools,
  defineProfile,
  defineRecipe,
  linuxKernel,
  type Origin,
  type Pin,
  type Recipe,
  script,
  sh,
  X86_64,
} from '#recipe';
import type { SbomInput } from './packages.ts';

const PATCH = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n';

const profile = defineProfile({
  name: 'toy',
  description: 'A toy',
  packages: ['final/grep', 'final/libs', 'system/etc'],
  exclude: [],
  kernel: { build: 'system/linux', fragments: [], commandLine: [] },
  initrd: null,
  hostname: 'toy',
  timezone: 'UTC',
  services: [],
  image: { espSizeBytes: 1, rootFreeBytes: 0, tools: 'host' },
});

const nothing = script({ install: sh`:` });

const RECIPES: readonly Recipe[] = [
  defineRecipe({
    name: 'grep',
    license: 'GPL-3.0-or-later',
    description: 'Finds lines',
    sources: { '.': 'grep', gnulib: 'gnulib' },
    builds: { final: autotools({ needs: ['libs'] }) },
  }),
  defineRecipe({ name: 'gnulib', license: 'LGPL-2.1-or-later', builds: { temporary: nothing } }),
  defineRecipe({ name: 'gcc', license: 'GPL-3.0-or-later', builds: { temporary: nothing } }),
  defineRecipe({
    name: 'libs',
    license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
    sources: {},
    copiesFrom: ['gcc'],
    builds: { final: nothing },
  }),
  defineRecipe({ name: 'etc', license: 'MIT', sources: {}, builds: { system: nothing } }),
  defineRecipe({
    name: 'linux',
    license: 'GPL-2.0-only WITH Linux-syscall-note',
    builds: { system: linuxKernel({}) },
  }),
];

export const PINS: readonly Pin[] = [
  pin('grep', '3.11', {
    kind: 'mirror',
    list: 'gnu',
    path: 'grep/grep-3.11.tar.xz',
    text: 'mirror://gnu/grep/grep-3.11.tar.xz',
  }),
  pin('grep', '3.11', {
    kind: 'apt',
    source: 'grep',
    version: '2:3.11+x-4',
    file: 'grep.tar.xz',
    text: 'apt:grep=2:3.11+x-4/grep.tar.xz',
  }),
  pin('gnulib', '1', { kind: 'file', path: '/home/ada/gnulib.tar', text: 'file:/home/ada/gnulib.tar' }),
  pin('gcc', '14.2.0', {
    kind: 'https',
    url: 'https://gcc.example/gcc.tar.gz',
    text: 'https://gcc.example/gcc.tar.gz#a/gcc.tar.xz',
    member: 'a/gcc.tar.xz',
  }),
  pin('linux', '6.12', {
    kind: 'https',
    url: 'https://linux.example/linux.tar.xz',
    text: 'https://linux.example/linux.tar.xz',
  }),
];

function pin(name: string, version: string, origin: Origin): Pin {
  return { name, version, origin, digest: digestOfBytes(name), sizeBytes: undefined, line: 1 };
}

/** The plan of a profile of four packages, two of which need another source. */
export function toyPlan(recipes: readonly Recipe[] = RECIPES): Plan {
  const inputs: ActionInputs = {
    sources: new Map(
      PINS.toReversed().map(({ name, version, digest, origin }) => [
        name,
        {
          name,
          version,
          digest,
          archive: `${name}.tar`,
          origin: origin.kind,
          ...(origin.member && { member: origin.member }),
        },
      ]),
    ),
    recipeFiles: new Map([['grep', new Map([['patches/10-fix.patch', Buffer.from(PATCH)]])]]),
    profile,
    kernelConfig: '',
    target: X86_64,
    hostTools: {},
    sourceDateEpoch: 0,
  };
  return unwrap(planBuilds(new Map(recipes.map((recipe) => [recipe.name, recipe])), inputs, ['image']));
}

/** What the document of the toy is made of. */
export function toyInput(changes: Partial<SbomInput> = {}): SbomInput {
  const plan = changes.plan ?? toyPlan();
  const artifacts = new Map<string, Digest>(
    [...plan.builds.keys()].map((name) => [name, digestOfBytes(name)]),
  );
  return {
    image: { profile: 'toy', digest: digestOfBytes('image'), sourceDateEpoch: 1_700_000_000 },
    builds: ['final/grep', 'final/libs', 'system/etc', 'system/linux'],
    hasForeignBootLoader: false,
    plan,
    artifacts,
    pins: new Map(PINS.map(({ name }) => [name, PINS.filter((one) => one.name === name)])),
    mirrors: new Map([['gnu', ['https://gnu.example/']]]),
    programVersion: '1.2.3',
    ...changes,
  };
}
