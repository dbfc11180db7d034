import { ok, type Result } from '#base';
import type { BuildName, Plan } from '#plan';
import type { ArtifactRecord } from '#store';
import { imageParts, imagePath, presentImage } from './image-parts.ts';
import { knownKeys } from './known-keys.ts';
import { noteUse } from './note-use.ts';
import type { Session } from './session.ts';

/**
 * Tells of a run that has nothing to do: every build of the plan has its artifact, and the image is the one that they
 * make. Looking needs neither the store's lock nor a child process. Undefined, and nothing told, when something is
 * left, or was asked for again.
 */
export async function tellUpToDate(
  session: Session,
  plan: Plan,
  goals: readonly string[],
): Promise<Result<number> | undefined> {
  const { flags, emit } = session;
  if (flags.check || flags.rebuild.length > 0) return undefined;
  const records = await allRecords(session, plan);
  if (records === undefined) return undefined;
  const wantsImage = goals.includes('image');
  const image = wantsImage ? await presentImage(session, imageParts(session, plan, records)) : undefined;
  if (wantsImage && image === undefined) return undefined;

  await noteUse(session, plan, goals, records);
  emit({ type: 'run-started', goals: plan.goals, builds: plan.builds.size });
  for (const [build, { key, artifact }] of records) {
    emit({ type: 'action-finished', build, outcome: 'reused', key, artifact, durationMs: 0, cpuMs: 0 });
  }
  if (image !== undefined) {
    emit({ type: 'image-finished', image: imagePath(session), outcome: 'reused', digest: image.digest });
  }
  return ok(0);
}

/** What every build of a plan gave; undefined when one has yet to give something. */
async function allRecords(
  session: Session,
  plan: Plan,
): Promise<ReadonlyMap<BuildName, ArtifactRecord> | undefined> {
  const records = new Map<BuildName, ArtifactRecord>();
  for (const [name, { record }] of await knownKeys(plan, session.store)) {
    if (record === undefined) return undefined;
    records.set(name, record);
  }
  return records;
}
