import { type Random, seededRandom } from './random.ts';
import type { LogEntry, WriteLog } from './write-log.ts';

/** A sector is written or not, never half: what every drive of this kind promises, and ext4 counts on. */
export const ATOMIC_BYTES = 512;

/** A moment in a log, and what a drive may hold that loses its power then. */
export type Crash = {
  /** The last entry that was done: nothing that came later is certain. */
  readonly at: number;
  /** The last flush up to there; all before it is on the medium. -1: there was none. */
  readonly flushAt: number;
  /** The writes behind the flush that came to the medium, in the order of the log; all others are lost. */
  readonly kept: readonly KeptWrite[];
  readonly droppedCount: number;
};

/** A write that came to the medium, whole or in part. */
export type KeptWrite = {
  readonly entry: number;
  /** Which of its sectors did; undefined: all. */
  readonly sectors?: readonly number[];
};

/** How many of the writes behind the flush a crash spares. */
const SPARED = [0, 0.1, 0.3, 0.5, 0.5, 0.7, 0.9, 1] as const;
/** How many of those are torn. */
const TORN = [0, 0, 0.2, 0.5, 1] as const;

/**
 * Loses the power at a random moment, by a seed. Up to the last flush all is kept. Of what comes behind it, up to the
 * next flush, each write is kept, dropped, or torn between sectors; entries after the moment may have been on their way.
 *
 * The order needs no dice of its own: a sector ends up with one of the writes that went to it since the flush, or with
 * what lay there before, and each of these is some choice of kept and dropped.
 */
export function chooseCrash(log: WriteLog, seed: number): Crash {
  const random = seededRandom(seed);
  const flushes = log.entries.flatMap((entry, index) => (entry.isFlush ? [index] : []));
  const flushAt = random.pick([true, false]) ? random.pick([-1, ...flushes]) : flushBefore(log, random);
  const next = flushes.find((index) => index > flushAt) ?? log.entries.length;
  // An entry that flushes and writes flushes first: its own bytes are not safe by that.
  const first = Math.max(flushAt, 0);
  const at = flushAt + random.below(next - flushAt);
  const spared = random.pick(SPARED);
  const torn = random.pick(TORN);

  const kept: KeptWrite[] = [];
  let droppedCount = 0;
  for (let index = first; index < next; index++) {
    const entry = log.entries[index];
    if (entry?.kind !== 'write') continue;
    const isSafe = entry.isForced && index <= at;
    if (isSafe) kept.push({ entry: index });
    else if (random.fraction() >= spared) droppedCount += 1;
    else kept.push({ entry: index, ...(random.fraction() < torn ? tear(entry, random) : {}) });
  }
  return { at, flushAt, kept, droppedCount };
}

/** The flush before any one write: those that many writes follow come up more often, since more can be lost there. */
function flushBefore({ entries }: WriteLog, random: Random): number {
  const writes = entries.flatMap(({ kind }, index) => (kind === 'write' ? [index] : []));
  const chosen = writes[random.below(writes.length)] ?? 0;
  return entries.findLastIndex(({ isFlush }, index) => isFlush && index <= chosen);
}

/** Everything that was recorded, as if the drive had been given time to finish. */
export function wholeLog(log: WriteLog): Crash {
  const flushAt = log.entries.findLastIndex(({ isFlush }) => isFlush);
  const kept = log.entries.flatMap(({ kind }, entry) =>
    kind === 'write' && entry >= Math.max(flushAt, 0) ? [{ entry }] : [],
  );
  return { at: log.entries.length - 1, flushAt, kept, droppedCount: 0 };
}

/** The writes that a drive holds after a crash: all before the flush, then those that were spared. */
export function keptWrites(log: WriteLog, crash: Crash): readonly KeptWrite[] {
  const safe = log.entries.flatMap(({ kind }, entry) =>
    kind === 'write' && entry < crash.flushAt ? [{ entry }] : [],
  );
  return [...safe, ...crash.kept];
}

function tear(entry: LogEntry, random: Random): Pick<KeptWrite, 'sectors'> {
  const count = entry.lengthBytes / ATOMIC_BYTES;
  if (count < 2) return {};
  const all = Array.from({ length: count }, (_, sector) => sector);
  const border = 1 + random.below(count - 1);
  switch (random.pick(['start', 'end', 'any'])) {
    case 'start':
      return { sectors: all.slice(0, border) };
    case 'end':
      return { sectors: all.slice(border) };
    case 'any':
      return { sectors: all.filter(() => random.fraction() < 0.5) };
  }
}
