import { readFileSync } from 'node:fs';
import { isErrno } from '#base';

const SAMPLE_EVERY_MS = 1000;

/** The kernel's page size on every machine that builds here: x86_64. */
const PAGE_BYTES = 4096;

/** Watches the memory of a program and of all that it started, once a second, until it is stopped. */
export type MemoryWatch = {
  /** Ends the watch. Returns the largest sum of resident memory that was seen, in bytes; 0 when none was. */
  stop(): number;
};

/** Starts watching; what begins and ends between two looks is not seen. */
export function watchMemory(pid: number): MemoryWatch {
  let peakBytes = 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(pid));
  }, SAMPLE_EVERY_MS).unref();
  return {
    stop: () => {
      clearInterval(timer);
      return peakBytes;
    },
  };
}

/**
 * Resident memory of a process and of its descendants, in bytes; what they share counts for each. 0: it has ended.
 * The calls wait, for some microseconds: promises of files without a size take buffers of 64 KiB each.
 */
export function residentBytes(pid: number): number {
  let bytes = 0;
  const left = [pid];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const statm = readProc(`/proc/${next}/statm`);
    // Those of its first thread: compilers, shells and make start none from others.
    const children = readProc(`/proc/${next}/task/${next}/children`);
    // The second field is the resident set, in pages (proc(5)).
    bytes += Number(statm.split(' ')[1] ?? 0) * PAGE_BYTES;
    for (const child of children.split(' ')) if (child.trim() !== '') left.push(Number(child));
  }
  return bytes;
}

/** Nothing for a process that has ended meanwhile. */
function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ESRCH')) return '';
    throw error;
  }
}
