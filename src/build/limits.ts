import { totalmem } from 'node:os';

/** What one build may use at most. None of it enters a key: it ends builds, and changes no byte of one. */
export type BuildLimits = {
  readonly timeMs: number;
  /** All of its processes together, where the kernel lets us set that. */
  readonly memoryBytes: number;
  /** Processes and threads at once. */
  readonly processes: number;
  /** Any one file that it writes, its log among them. */
  readonly fileBytes: number;
  /** The files of its artifact together, by their sizes. */
  readonly outputBytes: number;
  /** One source archive, unpacked. */
  readonly unpackedBytes: number;
  /** Files, folders and links of one source archive. */
  readonly unpackedEntries: number;
};

/** High enough to be in nobody's way; they stop what has gone wild. */
export function defaultLimits(): BuildLimits {
  return {
    timeMs: 6 * 3600 * 1000,
    // The rest is for the system and for us.
    memoryBytes: Math.round(totalmem() * 0.9),
    processes: 4096,
    fileBytes: 16 * 1024 ** 3,
    outputBytes: 32 * 1024 ** 3,
    // Linux and GCC, the largest sources here, have 1.5 GB and 140,000 entries.
    unpackedBytes: 8 * 1024 ** 3,
    unpackedEntries: 1_000_000,
  };
}
