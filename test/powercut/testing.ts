import { parseLog, type WriteLog } from './write-log.ts';

/** An entry of a log that is written by hand; offsets and lengths in sectors. */
export type HandEntry = {
  readonly flags?: number;
  readonly sector?: number;
  /** The bytes that are written: so many sectors of one letter each. */
  readonly letters?: string;
  /** Without bytes: a discard. */
  readonly count?: number;
};

export const FLUSH: HandEntry = { flags: 1 };

/** Writes sectors of one letter each. */
export function write(sector: number, letters: string, flags = 0): HandEntry {
  return { sector, letters, flags };
}

/** The bytes of a log as QEMU would write it. */
export function logBytes(entries: readonly HandEntry[], counted = entries.length): Buffer {
  const superblock = Buffer.alloc(512);
  superblock.writeBigUInt64LE(0x6a736677736872n, 0);
  superblock.writeBigUInt64LE(1n, 8);
  superblock.writeBigUInt64LE(BigInt(counted), 16);
  superblock.writeUInt32LE(512, 24);
  return Buffer.concat([superblock, ...entries.flatMap(entryBytes)]);
}

function entryBytes({ flags = 0, sector = 0, letters = '', count }: HandEntry): Buffer[] {
  const header = Buffer.alloc(512);
  header.writeBigUInt64LE(BigInt(sector), 0);
  header.writeBigUInt64LE(BigInt(count ?? letters.length), 8);
  header.writeBigUInt64LE(BigInt(flags), 16);
  return [header, ...[...letters].map((letter) => Buffer.alloc(512, letter))];
}

export function handLog(entries: readonly HandEntry[]): WriteLog {
  const log = parseLog(logBytes(entries));
  if (!log.ok) throw new Error(log.problem.message);
  return log.value;
}
