import type { Crash } from './crash-state.ts';
import type { WriteLog } from './write-log.ts';

/** The guest said that a record is safe. */
export type Acknowledgement = {
  readonly pattern: string;
  /** Each pattern counts its records from 1, and begins one only when the one before was acknowledged. */
  readonly number: number;
  /** The length of the log when the words had come to us. */
  readonly logBytes: number;
};

/** The last record of each pattern that must be there. */
export type Required = ReadonlyMap<string, number>;

/**
 * Which records a drive must hold that lost its power at `crash`: this is what the whole proof rests on.
 *
 * 1. The guest acknowledges a record when fsync came back. fsync comes back when the guest's kernel has seen the end of
 *    a flush (or of a forced write) that came after all writes of the record: call it F.
 * 2. QEMU tells the guest of the end of a request when its entry stands in the log. So F was in the log, whole, before
 *    the guest could say a word; what we measure when the words arrive is F's end or more. Between the two, other
 *    entries may have come: the words may be late, but never early.
 * 3. So F is at or before B, the last flush or forced write that ends within the measured length.
 * 4. A crash at entry P keeps all that came before the last flush up to P, and every forced write up to P. If B <= P,
 *    then F <= P: the flush or forced write that made the record safe has happened, and with it the writes before.
 *    The record must be there.
 * 5. If B > P it may be there or not: asking for it could accuse an honest drive. What is lost by that is small: the
 *    records whose words came so late that one more flush had passed.
 * 6. Where the log broke off at a gap (see `parseLog`), F may stand behind the gap: what was measured beyond what we can
 *    read asks for nothing.
 *
 * It holds only where a flush entry stands in the log at the moment at which the guest asked for the flush, as all
 * writes before it do at the moment of their end: a write that ends while the drive is still flushing might be in the
 * log before the flush, and would be taken for safe. Neither of QEMU's files is flushed to the host's drive, so that a
 * flush begins and ends in one step, and nothing comes in between (see `loggedDriveWords`).
 */
export function requiredRecords(
  log: WriteLog,
  acknowledgements: readonly Acknowledgement[],
  crash: Pick<Crash, 'at'>,
): Required {
  const required = new Map<string, number>();
  const readBytes = log.entries.at(-1)?.endsAt ?? 0;
  for (const { pattern, number, logBytes } of acknowledgements) {
    if (logBytes > readBytes || lastBarrier(log, logBytes) > crash.at) continue;
    required.set(pattern, Math.max(number, required.get(pattern) ?? 0));
  }
  return required;
}

/** The last entry within a length of the log that made something safe; -1: none did, and no crash excuses a loss. */
function lastBarrier({ entries }: WriteLog, logBytes: number): number {
  return entries.findLastIndex((entry) => entry.endsAt <= logBytes && (entry.isFlush || entry.isForced));
}
