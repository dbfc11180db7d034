import type { BlobStore } from './blob-store.ts';
import type { FetchOptions } from './fetch-sources.ts';
import type { Origins } from './origins.ts';
import type { VouchOptions } from './vouch.ts';

/** The origins, loaded only when a source is missing: a run that has all does not pay for a web client. */
export function openLazily(options: FetchOptions, store: BlobStore): Origins {
  let origins: Promise<Origins> | undefined;
  const open = async (): Promise<Origins> => {
    const [{ openOrigins }, folder] = await Promise.all([
      import('./origins.ts'),
      store.stateFolder('partial'),
    ]);
    return openOrigins(options, folder);
  };
  const opened = (): Promise<Origins> => {
    origins ??= open();
    return origins;
  };
  return {
    ask: async (pin, file) => (await opened()).ask(pin, file),
    signatures: async function* (place, pin) {
      yield* (await opened()).signatures(place, pin);
    },
    [Symbol.asyncDispose]: async () => (await origins)?.[Symbol.asyncDispose](),
  };
}

/** What vouches for bytes: the signatures that are pinned, those that were kept, and where to get one. */
export async function openVouching(
  store: BlobStore,
  origins: Origins,
  { signatures, environment, signal, emit }: FetchOptions,
): Promise<VouchOptions> {
  return {
    signatures: signatures ?? new Map(),
    stateFolder: await store.stateFolder('signatures'),
    candidates: origins.signatures,
    onDamage: (path) =>
      emit({ type: 'note', level: 'warning', message: `${path} is damaged. It counts as not there` }),
    environment: environment ?? process.env,
    signal,
  };
}
