import { ok, type Result } from '#base';
import type { Event } from '#event';
import type { BuildName, Plan } from '#plan';
import type { ArtifactRecord } from '#store';
import { imageParts, imagePath, type MadeFrom, presentImage } from './image-parts.ts';
import { knownKeys } from './known-keys.ts';
import { noteUse } from './note-use.ts';
import { rememberLook } from './remember-look.ts';
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

  const isNoted = await noteUse(session, plan, goals, records);
  const events = eventsOf(session, plan, records, image);
  for (const event of events) emit(event);
  if (isNoted) await rememberLook(session, { goals, records: [...records.values()], image, events });
  return ok(0);
}

/** What a run tells that has nothing to do. */
function eventsOf(
  session: Session,
  plan: Plan,
  records: ReadonlyMap<BuildName, ArtifactRecord>,
  image: MadeFrom | undefined,
): readonly Event[] {
  const reused = [...records].map(([build, { key, artifact }]): Event => {
    return { type: 'action-finished', build, outcome: 'reused', key, artifact, durationMs: 0, cpuMs: 0 };
  });
  return [
    { type: 'run-started', goals: plan.goals, builds: plan.builds.size },
    ...reused,
    ...(image === undefined
      ? []
      : [
          {
            type: 'image-finished',
            image: imagePath(session),
            outcome: 'reused',
            digest: image.digest,
          } as const,
        ]),
  ];
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
