import { basename } from 'node:path';
import { type Digest, fail, ok, type Result } from '#base';
import type { BuildName, Plan, PlannedBuild } from '#plan';
import type { Pin } from '#recipe';
import { type AppliedPatch, patchesOf } from './patches.ts';

/** Everything that a document is made of. */
export type SbomInput = {
  readonly image: {
    readonly profile: string;
    readonly digest: Digest;
    readonly sourceDateEpoch: number;
  };
  /** The builds that the image has files of. */
  readonly builds: readonly BuildName[];
  /** Whether the boot loader is that of the machine that made the image, of which the plan knows nothing. */
  readonly hasForeignBootLoader: boolean;
  readonly plan: Plan;
  /** What the builds gave. */
  readonly artifacts: ReadonlyMap<BuildName, Digest>;
  readonly pins: ReadonlyMap<string, readonly Pin[]>;
  /** The addresses behind mirror://LIST/…, by list. */
  readonly mirrors: ReadonlyMap<string, readonly string[]>;
  readonly programVersion: string;
};

/** A source of a package: which bytes, and where they can be had. */
export type PackageSource = {
  readonly name: string;
  readonly version: string;
  readonly digest: Digest;
  /** The archive inside the archive that is meant. */
  readonly member?: string;
  /** All places that are pinned for these bytes, as they were written. */
  readonly origins: readonly string[];
  /** An address that anybody can download them from. */
  readonly downloadUrl?: string;
  /** The licence of the recipe of the same name, if the plan has one. */
  readonly license?: string;
  readonly patches: readonly AppliedPatch[];
};

/** One build of an image, as the package that it is. */
export type ImagePackage = {
  readonly build: BuildName;
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly description?: string;
  readonly artifact: Digest;
  /** The package's own first, then what it takes in. None: its files are the project's own. */
  readonly sources: readonly PackageSource[];
  /** Other packages of the image that the recipe names as needs. */
  readonly needs: readonly BuildName[];
};

/** The packages of an image, in the order of its builds. Problem: a build that the plan or the store does not have. */
export function packagesOf(
  input: Omit<SbomInput, 'image' | 'programVersion'>,
): Result<readonly ImagePackage[]> {
  const packages: ImagePackage[] = [];
  for (const build of input.builds) {
    const planned = input.plan.builds.get(build);
    const artifact = input.artifacts.get(build);
    if (planned === undefined || artifact === undefined) return fail(otherPlan(build));
    const sources = sourcesOf(planned, input);
    packages.push({
      build,
      name: planned.recipe,
      version: sources[0]?.version ?? planned.action.version,
      license: planned.license,
      ...(planned.description === undefined ? {} : { description: planned.description }),
      artifact,
      sources,
      needs: planned.declaredNeeds.filter((need) => need !== build && input.builds.includes(need)),
    });
  }
  return ok(packages);
}

type Sources = Pick<SbomInput, 'plan' | 'pins' | 'mirrors'>;

function sourcesOf(planned: PlannedBuild, input: Sources): readonly PackageSource[] {
  const own = planned.action.sources
    // The main source, `.`, sorts before every other folder but is named here all the same.
    .toSorted((a, b) => Number(b.folder === '.') - Number(a.folder === '.'))
    .map((source) => sourceOf(planned, source.digest, input));
  const copied = (planned.copiesFrom ?? []).flatMap((name) => copiedSource(name, input));
  // One that is unpacked into two folders is one source.
  return [...new Map([...own, ...copied].map((source) => [source.name, source])).values()];
}

/** A source that another build of the plan has unpacked. */
function copiedSource(name: string, input: Sources): PackageSource[] {
  const digests = (input.pins.get(name) ?? []).map(({ digest }) => digest);
  for (const planned of input.plan.builds.values()) {
    const source = planned.action.sources.find(({ digest }) => digests.includes(digest));
    if (source !== undefined) return [sourceOf(planned, source.digest, input)];
  }
  return [];
}

function sourceOf(planned: PlannedBuild, digest: Digest, { plan, pins, mirrors }: Sources): PackageSource {
  const pinned = planned.pins.flatMap((name) => pins.get(name) ?? []).filter((pin) => pin.digest === digest);
  const source = planned.action.sources.find((one) => one.digest === digest);
  const [first] = pinned;
  if (first === undefined || source === undefined) {
    throw new Error(`${planned.name} takes sha256:${digest}, which none of its pins means`);
  }
  const downloadUrl = pinned.flatMap((pin) => addressOf(pin, mirrors)).at(0);
  const recipe = [...plan.builds.values()].find((one) => one.recipe === first.name);
  return {
    name: first.name,
    version: first.version,
    digest,
    ...(source.member === undefined ? {} : { member: source.member }),
    origins: [...new Set(pinned.map(originText))].sort(),
    ...(downloadUrl === undefined ? {} : { downloadUrl }),
    ...(recipe === undefined ? {} : { license: recipe.license }),
    patches: patchesOf(planned, source),
  };
}

/** An origin as it was written; of a file of this machine the name alone, since its folders are nobody's business. */
function originText({ origin }: Pin): string {
  return origin.kind === 'file' ? `file:${basename(origin.path)}` : origin.text;
}

function addressOf({ origin }: Pin, mirrors: SbomInput['mirrors']): string[] {
  switch (origin.kind) {
    case 'https':
      return [origin.url];
    case 'mirror': {
      const [address] = mirrors.get(origin.list) ?? [];
      return address === undefined ? [] : [`${address}${origin.path}`];
    }
    case 'apt':
    case 'file':
      return [];
  }
}

function otherPlan(build: BuildName) {
  return {
    kind: 'not-built',
    subject: build,
    message: `The image has files of ${build}, which has not been built as it stands now`,
    hint: 'Build the image again: blazeneuro build. The SBOM of the image as it is was written beside it',
  } as const;
}
