const MIB = 1024 * 1024;

/** The size of the sticks. */
export const STICK_BYTES = 128 * MIB;

/** One fault that befalls the real program: a stick that lies, or a call that strace makes fail. */
export type Point =
  | { readonly by: 'stick'; readonly lie: string; readonly at: number }
  | {
      readonly by: 'strace';
      readonly call: 'pwrite64' | 'fsync' | 'pread64';
      readonly error: string;
      readonly when: string;
    };

/** Places that the sample image has bytes at: table, BIOS boot partition, FAT, its end, inodes, the end of the root. */
const PLACES = [0, 64 * 1024, MIB + 5, 3 * MIB, 36 * MIB, 38 * MIB, 60 * MIB, STICK_BYTES - 100];

/** All points, in an order in which a few from anywhere are of all kinds. */
export const POINTS: readonly Point[] = interleaved([
  PLACES.map((at) => ({ by: 'stick', lie: 'flip', at })),
  PLACES.map((at) => ({ by: 'stick', lie: 'drop', at })),
  PLACES.slice(0, 4).map((at) => ({ by: 'stick', lie: 'flip-read', at })),
  PLACES.map((at) => ({ by: 'stick', lie: 'write-error', at })),
  PLACES.map((at) => ({ by: 'stick', lie: 'no-space', at })),
  PLACES.map((at) => ({ by: 'stick', lie: 'die', at })),
  [{ by: 'stick', lie: 'flush-error', at: 0 }],
  [2, 4, 8, 1.5].map((part) => ({
    by: 'stick',
    lie: 'wrap',
    at: Math.floor(STICK_BYTES / part / 4096) * 4096,
  })),
  [2, 4, 1.5, 1.1].map((part) => ({
    by: 'stick',
    lie: 'limbo',
    at: Math.floor(STICK_BYTES / part / 4096) * 4096,
  })),
  ['1', '2', '3', '4', '5', '6', '1+'].map((when) => ({
    by: 'strace',
    call: 'pwrite64',
    error: 'EIO',
    when,
  })),
  ['1', '2', '4', '1+'].map((when) => ({ by: 'strace', call: 'pwrite64', error: 'ENOSPC', when })),
  ['1', '2', '1+'].map((when) => ({ by: 'strace', call: 'fsync', error: 'EIO', when })),
  ['1', '2', '5', '1+'].map((when) => ({ by: 'strace', call: 'pread64', error: 'EIO', when })),
]);

/** What a point is called. */
export function nameOf(point: Point): string {
  return point.by === 'stick' ? `${point.lie} at ${point.at}` : `${point.call} ${point.error} ${point.when}`;
}

function interleaved(kinds: readonly (readonly Point[])[]): readonly Point[] {
  const longest = Math.max(...kinds.map((kind) => kind.length));
  return Array.from({ length: longest }, (_, at) => kinds.flatMap((kind) => kind[at] ?? [])).flat();
}
