import { fail, ok, type Result } from '#base';

/** One thing that a drive was asked for. */
export type LogEntry = {
  readonly kind: 'write' | 'discard' | 'flush' | 'mark';
  /** What was done before it in the log has reached the medium. */
  readonly isFlush: boolean;
  /** A write that has reached the medium by itself when it is done (FUA). */
  readonly isForced: boolean;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  /** Where the log holds the bytes of a write. */
  readonly dataAt: number;
  /** Where the entry ends in the log. */
  readonly endsAt: number;
};

/** What a drive was asked for, in the order in which it was done. */
export type WriteLog = { readonly bytes: Buffer; readonly entries: readonly LogEntry[] };

// drivers/md/dm-log-writes.c: the first sector is a superblock, then each entry has a sector of its own, and the data.
const MAGIC = 0x6a736677736872n;
const VERSION = 1n;
const FLUSH = 1;
const FORCED = 2;
const DISCARD = 4;
const MARK = 8;
const KNOWN_FLAGS = FLUSH | FORCED | DISCARD | MARK;
const ENTRY_BYTES = 32;

/**
 * Reads a log of QEMU's blklogwrites. The count in its superblock lags behind, so the entries go on to the first that
 * was never written: nothing is asked of a drive that has no flag and no length. Where the killed QEMU had not yet
 * written an entry, but one behind it, the log ends before the gap; what comes behind is as good as not recorded.
 */
export function parseLog(bytes: Buffer): Result<WriteLog> {
  if (bytes.length < ENTRY_BYTES) return ok({ bytes, entries: [] });
  const sectorBytes = 512;
  const [magic, version] = [bytes.readBigUInt64LE(0), bytes.readBigUInt64LE(8)];
  // QEMU writes the superblock with the first flush.
  if (magic !== 0n) {
    if (magic !== MAGIC || version !== VERSION) return fail(damaged('It is no log of writes.'));
    const unitBytes = bytes.readUInt32LE(24);
    if (unitBytes !== sectorBytes) return fail(damaged(`Its sectors have ${unitBytes} bytes, not 512.`));
  }
  const entries: LogEntry[] = [];
  for (let at = sectorBytes; at + ENTRY_BYTES <= bytes.length; ) {
    const flags = Number(bytes.readBigUInt64LE(at + 16));
    const lengthBytes = Number(bytes.readBigUInt64LE(at + 8)) * sectorBytes;
    if (flags === 0 && lengthBytes === 0) break;
    if ((flags & ~KNOWN_FLAGS) !== 0) return fail(damaged(`Its entry at ${at} has unknown flags: ${flags}.`));
    const dataAt = at + sectorBytes;
    const endsAt = dataAt + ((flags & DISCARD) === 0 ? lengthBytes : 0);
    if (endsAt > bytes.length) break;
    entries.push({
      kind: kindOf(flags, lengthBytes),
      isFlush: (flags & FLUSH) !== 0,
      isForced: (flags & FORCED) !== 0,
      offsetBytes: Number(bytes.readBigUInt64LE(at)) * sectorBytes,
      lengthBytes,
      dataAt,
      endsAt,
    });
    at = endsAt;
  }
  return ok({ bytes, entries });
}

/**
 * The log of a drive that has no cache, and so is never flushed: each write is on the medium before the next one comes,
 * as if a flush stood behind it. QEMU logs such flushes for some of the writes only.
 */
export function withoutCache(log: WriteLog): WriteLog {
  const entries = log.entries.flatMap((entry): readonly LogEntry[] =>
    entry.kind === 'write'
      ? [entry, { ...entry, kind: 'flush', isFlush: true, lengthBytes: 0, dataAt: entry.endsAt }]
      : [entry],
  );
  return { ...log, entries };
}

function kindOf(flags: number, lengthBytes: number): LogEntry['kind'] {
  if ((flags & MARK) !== 0) return 'mark';
  if ((flags & DISCARD) !== 0) return 'discard';
  return lengthBytes > 0 ? 'write' : 'flush';
}

function damaged(message: string) {
  return { kind: 'boot-failed', subject: 'the log of writes', message } as const;
}
