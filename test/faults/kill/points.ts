/** A moment at which the program can be killed: before the n-th call of a kind, counted by thread as strace does. */
export type Point = {
  readonly call: string;
  /** From 1. */
  readonly nth: number;
  /** What is about to happen there, for people. */
  readonly before: string;
};

/** What strace must show for `findPoints`. */
export const TRACED = 'trace=%file,%desc,%process,kill,fsync,fdatasync';

/** Calls that change what is on disk; `openat` does with O_CREAT or O_TRUNC only. */
const CHANGING = new Set([
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat', 'unlink', 'unlinkat'],
  ...['mkdir', 'mkdirat', 'rmdir', 'chmod', 'fchmod', 'fchmodat', 'chown', 'lchown', 'fchown', 'fchownat'],
  ...['utimensat', 'truncate', 'ftruncate', 'fallocate', 'fsync', 'fdatasync', 'syncfs', 'mknodat'],
  ...['write', 'pwrite64', 'writev', 'pwritev', 'copy_file_range', 'sendfile'],
  'openat',
]);

/** One call in a log: who makes it, and the how-manieth of its kind it is there. */
type Call = {
  readonly thread: string;
  readonly name: string;
  readonly nth: number;
  readonly text: string;
  /** No other thread has come to this number of this call before: a kill at (name, nth) hits here. */
  readonly isFirst: boolean;
};

/**
 * The points of a run, from strace's log of it: one before every call of the program that changes something below
 * `folder` or starts or signals a process, and one right after every start of a process. strace counts calls by
 * thread, and the first thread that comes to the number is hit. Where that is another one, the nearest call before
 * takes its place, back to the one that changed something last: the state on disk is the same there.
 */
export function findPoints(log: string, folder: string): Point[] {
  const points = new Map<string, Point>();
  const sinceChange = new Map<string, Call[]>();
  for (const call of callsOf(log)) {
    const before = sinceChange.get(call.thread) ?? [];
    const last = before.at(-1);
    const isNews = changes(call, folder) || (last !== undefined && startsProcess(last));
    sinceChange.set(call.thread, isNews ? [call] : [...before.slice(-20), call]);
    if (!isNews) continue;
    const place = call.isFirst ? call : before.slice(1).findLast(({ isFirst }) => isFirst);
    if (place === undefined) continue;
    const id = `${place.name} ${place.nth}`;
    if (!points.has(id)) points.set(id, { call: place.name, nth: place.nth, before: call.text });
  }
  return [...points.values()].sort((a, b) => a.call.localeCompare(b.call) || a.nth - b.nth);
}

function* callsOf(log: string): Iterable<Call> {
  const counts = new Map<string, number>();
  const highest = new Map<string, number>();
  for (const line of log.split('\n')) {
    // `<... rename resumed>` is the end of a call whose beginning has been counted.
    const { thread, text, name } =
      /^(?<thread>\d+) +(?<text>(?<name>[a-z][a-z0-9_]*)\(.*)/.exec(line)?.groups ?? {};
    if (thread === undefined || text === undefined || name === undefined) continue;
    const nth = (counts.get(`${thread} ${name}`) ?? 0) + 1;
    counts.set(`${thread} ${name}`, nth);
    const isFirst = nth > (highest.get(name) ?? 0);
    if (isFirst) highest.set(name, nth);
    yield { thread, name, nth, text, isFirst };
  }
}

function changes({ name, text }: Call, folder: string): boolean {
  if (name === 'kill' || startsProcess({ name, text })) return true;
  if (name === 'openat' && !/O_CREAT|O_TRUNC/.test(text)) return false;
  return CHANGING.has(name) && text.includes(`${folder}/`);
}

function startsProcess({ name, text }: Pick<Call, 'name' | 'text'>): boolean {
  return ['clone', 'clone3', 'fork', 'vfork'].includes(name) && !text.includes('CLONE_THREAD');
}
