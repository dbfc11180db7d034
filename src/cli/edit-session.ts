import { join } from 'node:path';
import { type HostPath, ok, type Result } from '#base';
import { type MirrorLists, readProjectMirrors } from '#config';
import type { Emit } from '#event';
import { openUnpinned, type UnpinnedSources } from '#source';
import type { Flags } from './flags.ts';
import { PROJECT_ROOT } from './locations.ts';
import { openSessionStore, type Session } from './session.ts';

/**
 * What commands work with that edit what people write. They read no project: what is wrong with one may be just what
 * they are to mend.
 */
export type EditSession = Pick<Session, 'store' | 'storeRoot' | 'emit' | 'signal' | 'flags'> & {
  readonly mirrors: MirrorLists;
};

/** What such a command does; the value is its exit code. */
export type EditCommand = { readonly edit: (session: EditSession) => Promise<Result<number>> };

/** Opens the store and reads where mirrors are. */
export async function openEditSession(
  flags: Flags,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<EditSession>> {
  const mirrors = await readProjectMirrors({ root: PROJECT_ROOT, overlay: flags.config });
  if (!mirrors.ok) return mirrors;
  const opened = await openSessionStore(emit);
  if (!opened.ok) return opened;
  const { store, storeRoot } = opened.value;
  return ok({ flags, mirrors: mirrors.value, store, storeRoot, emit, signal });
}

/** Origins of what is not pinned, as this session may ask them. */
export async function openSources({
  store,
  mirrors,
  signal,
}: Pick<EditSession, 'store' | 'mirrors' | 'signal'>): Promise<UnpinnedSources> {
  return openUnpinned(store, { mirrors, aptStateFolder: await store.stateFolder('apt'), signal });
}

/** The folder that is edited: the overlay of `--config`, else the project's own config/. */
export function editedFolder({ flags }: Pick<EditSession, 'flags'>): HostPath {
  return flags.config ?? join(PROJECT_ROOT, 'config');
}
