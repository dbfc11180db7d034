import { isErrno } from '#base';
import type { BuildName, Plan } from '#plan';
import { type ArtifactRecord, recordUse, type User } from '#store';
import { PROJECT_ROOT } from './locations.ts';
import type { Session } from './session.ts';

/** Remembers what a run that ended well needed, so that garbage collection keeps it. False when that could not be. */
export async function noteUse(
  session: Session,
  plan: Plan,
  targets: readonly string[],
  records: ReadonlyMap<BuildName, ArtifactRecord>,
): Promise<boolean> {
  const { storeRoot, emit } = session;
  const user = userOf(session, targets);
  const keys = [...records.values()].map(({ key }) => key);
  const sources = [...plan.builds.values()].flatMap(({ action }) => action.sources);
  const blobs = [...new Set(sources.map(({ digest }) => digest))];
  try {
    await recordUse(storeRoot, { user, keys, blobs });
    return true;
  } catch (error) {
    // A run that only looked does so on a read-only store as well.
    if (!isErrno(error, 'EROFS') && !isErrno(error, 'EACCES')) throw error;
    const message = `The store ${storeRoot} cannot be written to, so garbage collection will not know of this run`;
    emit({ type: 'note', level: 'info', message });
    return false;
  }
}

/** Who uses the store in this run. */
export function userOf({ flags }: Session, targets: readonly string[]): User {
  return { project: PROJECT_ROOT, overlay: flags.config ?? null, profile: flags.profile, targets };
}
