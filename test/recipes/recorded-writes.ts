import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { SECTOR_BYTES } from '#disk';

/** One sector as a program wrote it. */
export type SectorWrite = { readonly sector: number; readonly bytes: Buffer };

/** What a program did to a file, flush by flush: what lies between two flushes may reach a drive in any order. */
export type Recording = {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly flushes: readonly (readonly SectorWrite[])[];
};

/** Runs a program under strace, and reads from its calls what it wrote. */
export function recordWrites(argv: readonly string[], logPath: string): Recording {
  const strace = ['-e', 'trace=pwrite64,fsync', '-xx', '-s', '1000000', '-o', logPath];
  const run = spawnSync('strace', [...strace, ...argv], { encoding: 'utf8' });
  const flushes: SectorWrite[][] = [];
  let open: SectorWrite[] = [];
  for (const line of readFileSync(logPath, 'utf8').split('\n')) {
    const call = /^pwrite64\(\d+, "([^"]*)", (\d+), (\d+)\) += \2$/.exec(line);
    if (call !== null) {
      const bytes = Buffer.from((call[1] ?? '').replaceAll('\\x', ''), 'hex');
      const first = Number(call[3]) / SECTOR_BYTES;
      for (let at = 0; at < bytes.length; at += SECTOR_BYTES) {
        open.push({ sector: first + at / SECTOR_BYTES, bytes: bytes.subarray(at, at + SECTOR_BYTES) });
      }
    } else if (/^fsync\(\d+\) += 0$/.test(line)) {
      flushes.push(open);
      open = [];
    } else if (/^(?:pwrite64|fsync)/.test(line)) {
      throw new Error(`A call that is not understood: ${line.slice(0, 80)}`);
    }
  }
  if (open.length > 0) throw new Error('Something was written and never flushed.');
  return { status: run.status, stdout: run.stdout, stderr: run.stderr, flushes };
}

/** The same bytes after some writes. */
export function withWrites(drive: Buffer, writes: readonly SectorWrite[]): Buffer {
  const changed = Buffer.from(drive);
  for (const { sector, bytes } of writes) changed.set(bytes, sector * SECTOR_BYTES);
  return changed;
}

/** The writes that change anything. */
export function changesOf(drive: Buffer, writes: readonly SectorWrite[]): readonly SectorWrite[] {
  return writes.filter(
    ({ sector, bytes }) =>
      !bytes.equals(drive.subarray(sector * SECTOR_BYTES, sector * SECTOR_BYTES + bytes.length)),
  );
}
