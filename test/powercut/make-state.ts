import { open } from 'node:fs/promises';
import type { HostPath } from '#base';
import { ATOMIC_BYTES, type Crash, keptWrites } from './crash-state.ts';
import { copySparse } from './programs.ts';
import type { WriteLog } from './write-log.ts';

/** What the drive holds after the crash: a copy of what it held before the recording, and the writes that were kept. */
export async function makeState(
  base: HostPath,
  state: HostPath,
  from: { readonly log: WriteLog; readonly crash: Crash },
): Promise<void> {
  const { log, crash } = from;
  await copySparse(base, state);
  await using file = await open(state, 'r+');
  for (const { from: at, lengthBytes, to } of keptPieces(log, crash)) {
    await file.write(log.bytes, at, lengthBytes, to);
  }
}

/** The pieces of the log that are on the drive after the crash, in their order: from where in the log, to where. */
export function keptPieces(
  log: WriteLog,
  crash: Crash,
): readonly { readonly from: number; readonly lengthBytes: number; readonly to: number }[] {
  return keptWrites(log, crash).flatMap(({ entry: number, sectors }) => {
    const entry = log.entries[number];
    if (entry === undefined) throw new Error(`The log has no entry ${number}`);
    const { dataAt, lengthBytes, offsetBytes } = entry;
    if (sectors === undefined) return [{ from: dataAt, lengthBytes, to: offsetBytes }];
    return sectors.map((sector) => {
      const skipped = sector * ATOMIC_BYTES;
      return { from: dataAt + skipped, lengthBytes: ATOMIC_BYTES, to: offsetBytes + skipped };
    });
  });
}

/**
 * Sectors that the log wrote last and that the drive holds otherwise: 0 shows that we read the log as QEMU wrote it.
 * Only what a killed QEMU was doing at that moment may differ.
 */
export async function countOtherSectors(log: WriteLog, drive: HostPath): Promise<number> {
  await using file = await open(drive, 'r');
  const seen = new Set<number>();
  let others = 0;
  for (const { kind, dataAt, lengthBytes, offsetBytes } of log.entries.toReversed()) {
    if (kind !== 'write') continue;
    const there = Buffer.alloc(lengthBytes);
    await file.read(there, 0, lengthBytes, offsetBytes);
    for (let skipped = 0; skipped < lengthBytes; skipped += ATOMIC_BYTES) {
      if (seen.has(offsetBytes + skipped)) continue;
      seen.add(offsetBytes + skipped);
      const logged = log.bytes.subarray(dataAt + skipped, dataAt + skipped + ATOMIC_BYTES);
      if (!logged.equals(there.subarray(skipped, skipped + ATOMIC_BYTES))) others += 1;
    }
  }
  return others;
}
