import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostPath, isNoSpace } from '#base';
import type { Emit, Event } from '#event';
import type { PlannedBuild } from '#plan';
import { giveToBuildUser } from './build-user.ts';
import type { ExecutionOptions } from './execution-options.ts';
import { defaultLimits } from './limits.ts';
import type { Ran } from './run-part.ts';
import { runUnpack } from './run-phases.ts';
import { openWorkplace, type Workplace } from './workplace.ts';
import { writeScripts } from './write-scripts.ts';

/** Sources that are unpacked before the turn of their build; nobody hears of it until that comes. */
export type UnpackedAhead = {
  /** Resolves once no process of it runs any more, however it ended. */
  readonly ended: Promise<void>;
  /**
   * The workplace with the sources, which is the caller's from now on, once they are there; the events of unpacking
   * are told. Undefined, and nothing left, when they could not be unpacked.
   */
  takeOver(): Promise<Unpacked | undefined>;
  /** Ends it and removes what it made; for who does not take it over. */
  discard(): Promise<void>;
};

/** A workplace with unpacked sources, and what unpacking took. */
export type Unpacked = {
  readonly place: Workplace;
  readonly ran: Ran;
  /** Begins the build's log with what unpacking said. */
  beginLog(): Promise<void>;
};

/** Makes a workplace with all that its build finds there but the sources and the sysroot. */
export async function openPreparedWorkplace(
  planned: PlannedBuild,
  options: ExecutionOptions,
): Promise<Workplace> {
  const place = await openWorkplace(planned, options);
  const { check, limits = defaultLimits() } = options;
  await writeScripts(planned, place.work, { withCheck: check === true, limits });
  await giveToBuildUser([place.work, place.out], options.host);
  return place;
}

/** Begins to unpack the sources of a build whose needs may not be there yet. */
export function unpackAhead(planned: PlannedBuild, options: ExecutionOptions): UnpackedAhead {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const events = new HeldEvents(options.emit);
  const tried = tryToUnpack(planned, { ...options, signal, emit: (event) => events.take(event) });
  const unpacked = tried.then(removeFailed);
  // Who takes it over or throws it away sees what was thrown.
  unpacked.catch(() => undefined);
  return {
    ended: tried.then(
      () => undefined,
      () => undefined,
    ),
    takeOver: () => {
      events.release();
      return unpacked;
    },
    discard: async () => {
      stop.abort();
      await (await unpacked)?.place[Symbol.asyncDispose]();
    },
  };
}

type Tried = { readonly place: Workplace; readonly ran: Ran | undefined; readonly log: HostPath };

async function tryToUnpack(planned: PlannedBuild, options: ExecutionOptions): Promise<Tried | undefined> {
  let place: Workplace | undefined;
  try {
    place = await openPreparedWorkplace(planned, options);
    // Not yet the build's own: the store may turn out to have what it makes, and then its last log is the right one.
    const log = join(place.root, 'unpack.log');
    const ran = await runUnpack(planned, { ...place, log }, options);
    return { place, log, ran: ran.ok ? ran.value : undefined };
  } catch (error) {
    await place?.[Symbol.asyncDispose]();
    if (isNoSpace(error)) return undefined;
    throw error;
  }
}

/** Leaves nothing of what failed: the build then does it again and has the problem for its own. */
async function removeFailed(tried: Tried | undefined): Promise<Unpacked | undefined> {
  if (tried === undefined) return undefined;
  const { place, ran, log } = tried;
  if (ran !== undefined) return { place, ran, beginLog: () => moveFile(log, place.log) };
  await place[Symbol.asyncDispose]();
  return undefined;
}

/** The logs may lie on another disk. */
async function moveFile(from: HostPath, to: HostPath): Promise<void> {
  await copyFile(from, to);
  await rm(from);
}

/** Events of a build that has not begun, kept until it does. */
class HeldEvents {
  readonly #emit: Emit;
  #held: Event[] | undefined = [];

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  take(event: Event): void {
    if (this.#held === undefined) this.#emit(event);
    else this.#held.push(event);
  }

  release(): void {
    for (const event of this.#held ?? []) this.#emit(event);
    this.#held = undefined;
  }
}
