import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type HostPath, type TargetPath, unwrap } from '#base';
import { type BuildState, knownKeys, makePlan, openSession, type Session } from '#cli';
import { chooseEntries } from '#image';
import type { Entry } from '#manifest';
import type { Plan } from '#plan';
import { builtProfileFlags } from '../built-profile.ts';

/** A file, folder or link of the root file system, and where its bytes lie. */
export type RootEntry = { readonly entry: Entry; readonly build: string; readonly hostPath: HostPath };

/** What the store has of a profile as it stands: all of its root file system, or the builds that are missing. */
export type BuiltProfile = {
  readonly name: string;
  readonly session: Session;
  readonly plan: Plan;
  readonly states: ReadonlyMap<string, BuildState>;
};

/** The profiles that are looked at: ours, or the one that PROFILE names. */
export const PROFILES: readonly string[] =
  process.env['PROFILE'] === undefined ? ['minimal', 'base'] : [process.env['PROFILE']];

/** Looks up a profile's builds in the store, by keys: what was built of other recipes is not there. */
export async function openBuiltProfile(name: string): Promise<BuiltProfile> {
  const flags = builtProfileFlags(name);
  const session = unwrap(await openSession(flags, () => {}, new AbortController().signal));
  const plan = unwrap(await makePlan(session, ['image']));
  return { name: flags.profile, session, plan, states: await knownKeys(plan, session.store) };
}

/** The folder with the files of a build; undefined when it has not been built. */
export function treeOf({ session, states }: BuiltProfile, build: string): HostPath | undefined {
  const artifact = states.get(build)?.record?.artifact;
  const tree = artifact === undefined ? undefined : session.store.treePath(artifact);
  return tree !== undefined && existsSync(tree) ? tree : undefined;
}

/** Why a test over these builds cannot run; false when it can. */
export function notBuilt(profile: BuiltProfile, builds: readonly string[]): string | false {
  const missing = builds.filter((build) => treeOf(profile, build) === undefined);
  const [first] = missing;
  return first === undefined
    ? false
    : `the store has no ${first} of this checkout (${missing.length} missing)`;
}

/** Everything that the image's root file system holds, but for the files that image assembly writes itself. */
export async function rootEntries({ session, plan, states }: BuiltProfile): Promise<readonly RootEntry[]> {
  const { packages, exclude } = session.project.profile;
  const artifacts = packages.map(async (build) => {
    const digest = states.get(build)?.record?.artifact;
    const manifest = digest === undefined ? undefined : await session.store.manifest(digest);
    if (digest === undefined || manifest === undefined) throw new Error(`${build} is not in the store`);
    return { build, digest, manifest, replaces: plan.builds.get(build)?.replaces ?? [] };
  });
  return unwrap(
    chooseEntries(await Promise.all(artifacts), exclude, ({ digest }, path: TargetPath) =>
      join(session.store.treePath(digest), path),
    ),
  );
}
