import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { type HostPath, isErrno, isNoSpace, ok, type Result } from '#base';
import { unusable } from '#store';

/** Who has the store, to be told to who waits; `sinceMs` counts from 1970. */
export type Holder = { readonly pid: number; readonly command: string; readonly sinceMs: number };

/** A process number may be given again; together with the time of its start, in clock ticks, it is one process. */
type Signature = Holder & { readonly startTicks: string };

/**
 * Says in the lock file who has it. This is also the first write of a run: what cannot be written to is told here.
 * Only for who holds the lock.
 */
export function signLock(root: HostPath, file: HostPath): Result<void> {
  const command = ['blazeneuro', ...process.argv.slice(2)].join(' ');
  const { pid } = process;
  const signature: Signature = { pid, command, sinceMs: Date.now(), startTicks: startTicksOf(pid) ?? '' };
  try {
    writeFileSync(file, `${JSON.stringify(signature)}\n`);
  } catch (error) {
    if (['EROFS', 'EACCES', 'EPERM'].some((code) => isErrno(error, code))) return unusable(root, error);
    // Collecting garbage has to go on where not even this fits.
    if (!isNoSpace(error)) throw error;
  }
  return ok(undefined);
}

/** Takes the signature back: from here on nobody may be told that we have the lock. Only for who holds it. */
export function unsignLock(file: HostPath): void {
  try {
    truncateSync(file, 0);
  } catch (error) {
    // Whoever removed the store, or took it from us, has no use for our signature.
    if (!['ENOENT', 'EROFS', 'EACCES', 'EPERM'].some((code) => isErrno(error, code))) throw error;
  }
}

/** Who has signed and lives: that process has the lock. Undefined while nobody is known to. */
export function readHolder(file: HostPath): Holder | undefined {
  const { pid, command, sinceMs, startTicks } = readSignature(file) ?? {};
  if (typeof pid !== 'number' || typeof command !== 'string' || typeof sinceMs !== 'number') return undefined;
  return startTicks === startTicksOf(pid) ? { pid, command, sinceMs } : undefined;
}

function readSignature(file: HostPath): Partial<Signature> | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as Partial<Signature> | null) ?? undefined;
  } catch (error) {
    // Whoever has it has just got it, or could not write.
    if (error instanceof SyntaxError || isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in brackets and may hold spaces; field 3 comes after it, and field 22 is meant (proc(5)).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3];
  } catch (error) {
    // It has ended.
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ESRCH')) return undefined;
    throw error;
  }
}
