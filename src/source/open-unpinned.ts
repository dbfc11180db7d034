import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath, Result } from '#base';
import type { Origin, Pin } from '#recipe';
import type { AptVersion } from './apt-versions.ts';
import type { BlobStore } from './blob-store.ts';
import type { FetchOptions } from './fetch-sources.ts';
import type { Measured } from './fetch-unpinned.ts';
import type { NewerVersions } from './newer-versions.ts';

/** Bytes that no pin vouches for yet, beside the store. They are gone with the scope unless they were kept. */
export type Staged = Measured & { readonly file: HostPath };

/** Origins asked for what is to be pinned: sources whose digest is not known, and which versions there are. */
export type UnpinnedSources = AsyncDisposable & {
  fetch(name: string, origin: Origin): Promise<Result<Staged>>;
  aptVersions(source: string): Promise<Result<readonly AptVersion[]>>;
  newerVersions(pins: readonly Pin[]): Promise<NewerVersions>;
  /** Takes the bytes into the store under their digest. */
  keep(staged: Staged): Promise<void>;
};

/** What opening takes of `FetchOptions`. */
export type UnpinnedOptions = Pick<
  FetchOptions,
  'mirrors' | 'aptStateFolder' | 'signal' | 'environment' | 'allowsLoopbackHttp'
>;

/** Opens the origins; none is asked before it is needed. */
export async function openUnpinned(store: BlobStore, options: UnpinnedOptions): Promise<UnpinnedSources> {
  // Loaded here: who pins nothing does not pay for a web client.
  const { fetchUnpinned, findNewerVersions, openUnpinnedOrigins } = await import('./unpinned-origins.ts');
  const origins = openUnpinnedOrigins(options);
  const staging = await store.stagingFolder();
  let count = 0;
  return {
    fetch: async (name, origin) => {
      count += 1;
      const file = join(staging, String(count));
      const measured = await fetchUnpinned(origin, { name, file }, origins);
      return measured.ok ? { ok: true, value: { ...measured.value, file } } : measured;
    },
    aptVersions: origins.aptVersions,
    newerVersions: (pins) => findNewerVersions(pins, origins),
    keep: async ({ file, digest }) => {
      if (!(await store.hasBlob(digest))) await store.addBlob(file, digest);
    },
    [Symbol.asyncDispose]: async () => {
      await origins.web[Symbol.asyncDispose]();
      await rm(staging, { recursive: true, force: true });
    },
  };
}
