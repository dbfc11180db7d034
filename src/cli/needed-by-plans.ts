import { type Digest, ok, type Result } from '#base';
import { profileNames, readProject } from '#config';
import { type Needed, readUses } from '#store';
import { knownKeys } from './known-keys.ts';
import { configFolders, PROJECT_ROOT } from './locations.ts';
import { makePlan } from './make-plan.ts';
import type { Session } from './session.ts';

/**
 * What the plans of all profiles need of the store as they stand now, and what the last finished image of each of them
 * needed. Problem: a profile or recipe that cannot be read, since then nobody knows.
 */
export async function neededByPlans(session: Session): Promise<Result<Needed>> {
  const keys = new Set<Digest>();
  const blobs = new Set<Digest>();
  const overlay = session.flags.config;
  const folders = { root: PROJECT_ROOT, overlay };
  for (const name of await profileNames(configFolders(folders, 'profiles'))) {
    const project = await readProject(folders, name);
    if (!project.ok) return project;
    const ofProfile = { ...session, project: project.value };
    const plan = await makePlan(ofProfile, ['image']);
    if (!plan.ok) return plan;
    for (const { key } of (await knownKeys(plan.value, session.store)).values()) {
      if (key !== undefined) keys.add(key);
    }
    for (const { action } of plan.value.builds.values()) {
      for (const { digest } of action.sources) blobs.add(digest);
    }
  }
  for (const { user, ...use } of readUses(session.storeRoot)) {
    const isOurs = user.project === PROJECT_ROOT && [null, overlay ?? null].includes(user.overlay);
    if (!isOurs || !user.targets.includes('image')) continue;
    for (const key of use.keys) keys.add(key);
    for (const digest of use.blobs) blobs.add(digest);
  }
  return ok({ keys, blobs });
}
