import type { Action } from '#plan';
import { archiveName } from '#source';
import { readRecords } from '#store';
import type { Session } from './session.ts';

/** What the sources in a store are called, by digest: as builds that used them were told, else as pins name them. */
export async function sourceNames({
  project,
  storeRoot,
}: Pick<Session, 'project' | 'storeRoot'>): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const pin of [...project.pins.values()].flat()) names.set(pin.digest, archiveName(pin.origin));
  for (const { inputs } of await readRecords(storeRoot)) {
    // Records of another version of the program may hold something else.
    const { action } = (inputs ?? {}) as { readonly action?: Partial<Action> };
    for (const { digest, archive } of action?.sources ?? []) names.set(digest, archive);
  }
  return names;
}
