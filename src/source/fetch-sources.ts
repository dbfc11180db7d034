import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath, Problem } from '#base';
import type { Emit } from '#event';
import { ORIGIN_KINDS, type OriginKind, type Pin, type PinnedSignature } from '#recipe';
import type { Answer } from './answer.ts';
import type { BlobStore } from './blob-store.ts';
import { type ChosenPin, chooseFromStore, inOrder, pinOfBytes } from './chosen-pin.ts';
import type { Clock } from './clock.ts';
import type { DownloadLimits } from './download-watch.ts';
import { bundleText, fetchFromBundle, notInBundle, promisedPin } from './fetch-bundle.ts';
import { openLazily, openVouching } from './lazy-origins.ts';
import type { Bundle } from './open-bundle.ts';
import type { Origins } from './origins.ts';
import { describeAnswer, type Failure, noSource } from './source-problem.ts';
import { type Vouched, type VouchOptions, vouchForFile, vouchForKept } from './vouch.ts';

export type FetchOptions = {
  /** The addresses behind mirror://LIST/…, by list; each ends in `/`. */
  readonly mirrors: ReadonlyMap<string, readonly string[]>;
  /** A folder of our own that stays, for apt's lists. */
  readonly aptStateFolder: HostPath;
  /** Upstream's signatures, by name of the source. Default: none. */
  readonly signatures?: ReadonlyMap<string, PinnedSignature>;
  readonly emit: Emit;
  /** Kinds of origins that may be used, in the order in which they are tried. Default: all. */
  readonly order?: readonly OriginKind[];
  /** How many downloads run at once. Default 4. */
  readonly atOnce?: number;
  /** Whether `source-progress` is told of. Default: it is. */
  readonly tellsProgress?: boolean;
  /** What one download may take; what is left out is as in DEFAULT_LIMITS. */
  readonly limits?: Partial<DownloadLimits>;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Is asked before every origin. */
  readonly bundle?: Bundle;
  readonly environment?: NodeJS.ProcessEnv;
  /** Plain http to this machine itself: only for tests. */
  readonly allowsLoopbackHttp?: boolean;
};

/** Every name with what was chosen for it, or every problem. */
export type Fetched =
  | { readonly ok: true; readonly value: ReadonlyMap<string, ChosenPin> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Sees to it that the store holds the bytes of every name, verified; fetches what it does not hold. */
export async function fetchSources(
  pinsByName: ReadonlyMap<string, readonly Pin[]>,
  store: BlobStore,
  options: FetchOptions,
): Promise<Fetched> {
  const staging = await store.stagingFolder();
  await using origins = openLazily(options, store);
  const vouching = await openVouching(store, origins, options);
  const chosen = new Map<string, ChosenPin>();
  const problems = new Map<string, Problem>();
  await tellPlanned(pinsByName, store, options);
  try {
    await eachOf([...pinsByName], options.atOnce ?? 4, async ([name, pins]) => {
      const one = await fetchOne(name, pins, { store, staging, origins, vouching, options });
      if ('kind' in one) problems.set(name, one);
      else chosen.set(name, one);
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  // In the order asked for, whatever order the downloads came in.
  const names = [...pinsByName.keys()];
  if (problems.size > 0) return { ok: false, problems: names.flatMap((name) => problems.get(name) ?? []) };
  return { ok: true, value: new Map(names.flatMap((name) => pairOf(name, chosen.get(name)))) };
}

/** Says which sources are to be fetched, if any are, and how large they are as far as the pins tell. */
async function tellPlanned(
  pinsByName: ReadonlyMap<string, readonly Pin[]>,
  store: BlobStore,
  { order = ORIGIN_KINDS, emit }: FetchOptions,
): Promise<void> {
  const sources: { name: string; sizeBytes: number | null }[] = [];
  for (const [name, pins] of pinsByName) {
    if ((await chooseFromStore(pins, store, order)) !== undefined) continue;
    const tried = inOrder(pins, order);
    // Other bytes of the same version are about as large.
    const sized = tried.filter((pin) => pin.sizeBytes !== undefined);
    const first = sized.find((pin) => pin.digest === tried[0]?.digest) ?? sized[0];
    sources.push({ name, sizeBytes: first?.sizeBytes ?? null });
  }
  if (sources.length > 0) emit({ type: 'sources-planned', sources });
}

function pairOf(name: string, pin: ChosenPin | undefined): [string, ChosenPin][] {
  return pin === undefined ? [] : [[name, pin]];
}

/** What an origin said; of bytes that were verified also what vouches for them. */
type VouchedAnswer =
  | Exclude<Answer, { readonly outcome: 'verified' }>
  | (Extract<Answer, { readonly outcome: 'verified' }> & { readonly vouched: Vouched });

type Context = {
  readonly store: BlobStore;
  readonly staging: HostPath;
  readonly origins: Origins;
  readonly vouching: VouchOptions;
  readonly options: FetchOptions;
};

/** One name: from the store, else from its origins in order. */
async function fetchOne(name: string, pins: readonly Pin[], context: Context): Promise<ChosenPin | Problem> {
  const { store, vouching, options } = context;
  const order = options.order ?? ORIGIN_KINDS;
  const present = await chooseFromStore(pins, store, order);
  if (present !== undefined) {
    const chosen = { ...present, vouched: await vouchForKept(present.pin, vouching) };
    tellFinished(chosen, 'present', 0, options.emit);
    return chosen;
  }
  const bundled = await fromBundle(name, pins, context);
  if (bundled !== undefined) return bundled;
  const failures: Failure[] = [];
  for (const pin of inOrder(pins, order)) {
    if (options.signal?.aborted === true) break;
    const startMs = performance.now();
    options.emit({ type: 'source-started', name, origin: pin.origin.text, sizeBytes: pin.sizeBytes ?? null });
    const answer = await fetchFrom(pin, pins, context);
    if (answer.outcome === 'verified') {
      const { vouched } = answer;
      const same = pinOfBytes(inOrder(pins, order), pin.digest) ?? pin;
      const chosen = { pin: same, fetchedFrom: pin.origin, vouched };
      tellFinished(chosen, answer.sizeBytes, performance.now() - startMs, options.emit);
      return chosen;
    }
    failures.push({ pin, answer });
    // Once is enough to tell of a host that does not answer, not once a source.
    if (answer.outcome === 'unavailable' && answer.wasSkipped === true) continue;
    options.emit({ type: 'origin-failed', name, origin: pin.origin.text, reason: describeAnswer(answer) });
  }
  const problem = noSource(name, failures, options.signal?.aborted === true);
  return options.bundle === undefined ? problem : notInBundle(problem, options.bundle);
}

/** One name from the bundle; undefined when there is none, or it does not promise it. */
async function fromBundle(
  name: string,
  pins: readonly Pin[],
  { store, staging, options }: Context,
): Promise<ChosenPin | Problem | undefined> {
  const { bundle, emit, signal } = options;
  const pin = bundle && promisedPin(bundle, inOrder(pins));
  if (bundle === undefined || pin === undefined || signal?.aborted === true) return undefined;
  const startMs = performance.now();
  emit({ type: 'source-started', name, origin: bundleText(bundle), sizeBytes: pin.sizeBytes ?? null });
  const taken = await fetchFromBundle(bundle, pin, { store, staging });
  if (typeof taken !== 'number') return taken;
  const chosen: ChosenPin = { pin, fetchedFrom: { kind: 'bundle', text: bundleText(bundle) } };
  tellFinished(chosen, taken, performance.now() - startMs, emit);
  return chosen;
}

/** Asks one origin; what it gives enters the store only when it is what the pin says, and a signature of it is good. */
async function fetchFrom(pin: Pin, pins: readonly Pin[], context: Context): Promise<VouchedAnswer> {
  const { store, staging, origins, vouching } = context;
  const file = join(staging, `${pin.name}.${pin.line}`);
  const given = await origins.ask(pin, file);
  const answer =
    given.outcome === 'verified'
      ? { ...given, ...(await vouchForFile(file, { pin, pins }, vouching)) }
      : given;
  if (answer.outcome === 'verified') await store.addBlob(file, pin.digest);
  else await rm(file, { force: true });
  return answer;
}

function tellFinished(
  { pin, fetchedFrom, vouched }: ChosenPin,
  sizeBytes: number | 'present',
  durationMs: number,
  emit: Emit,
): void {
  emit({
    type: 'source-finished',
    name: pin.name,
    version: pin.version,
    origin: (fetchedFrom ?? pin.origin).text,
    outcome: sizeBytes === 'present' ? 'present' : 'fetched',
    sizeBytes: sizeBytes === 'present' ? (pin.sizeBytes ?? 0) : sizeBytes,
    durationMs: Math.round(durationMs),
    signer: vouched?.signer ?? null,
  });
}

/**
 * Does something for each, so many at once, in their order. After the first that throws nothing new is begun, and it is
 * thrown once the others have ended: nobody goes on writing to what is cleared away by then.
 */
async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  const thrown: unknown[] = [];
  const workers = Array.from({ length: Math.max(1, atOnce) }, async () => {
    for (const item of waiting) {
      if (thrown.length > 0) return;
      try {
        await act(item);
      } catch (error) {
        thrown.push(error);
      }
    }
  });
  await Promise.all(workers);
  if (thrown.length > 0) throw thrown[0];
}
