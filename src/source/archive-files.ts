import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, ok, type Problem, type Result } from '#base';
import { describeOutcome, type Output, type ProgramResult, problemOf, runProgram } from '#process';
import { MAX_UNKNOWN_SIZE_BYTES } from './verified-file.ts';

/** A plain file of an archive. */
export type ArchiveFile = { readonly path: string; readonly sizeBytes: number };

/** An archive whose bytes were verified. */
export type VerifiedArchive = {
  /** Whose it is, for problems. */
  readonly name: string;
  readonly file: HostPath;
  /** The archive inside the archive that is meant. */
  readonly member?: string;
};

/** What reading an archive takes: an empty folder of its own, and a way to stop. */
export type ReadContext = { readonly scratchFolder: HostPath; readonly signal?: AbortSignal };

/** A file of an archive that was chosen, with its bytes. */
export type ReadFile<Chosen> = { readonly file: Chosen; readonly bytes: Buffer };

/** Longest time for one pass over an archive; Linux takes ten seconds. */
const PASS_LIMIT_MS = 10 * 60_000;
/** Most that is read out of one archive. */
const MOST_READ_BYTES = 64 * 1024 * 1024;

/**
 * Reads those files of an archive that are chosen from its list. tar writes them one behind the other into one file of
 * ours, which is cut by the sizes of the list: no name, link or mode of the archive ever meets the disk.
 */
export async function readArchiveFiles<Chosen extends { readonly path: string }>(
  archive: VerifiedArchive,
  choose: (files: readonly ArchiveFile[]) => readonly Chosen[],
  context: ReadContext,
): Promise<Result<readonly ReadFile<Chosen>[]>> {
  const inner = join(context.scratchFolder, 'inner');
  const taken = join(context.scratchFolder, 'taken');
  try {
    const { name, file, member } = archive;
    if (member !== undefined) {
      const unpacked = await unpackMember({ name, file, member }, inner, context);
      if (!unpacked.ok) return unpacked;
    }
    const meant = { name, file: member === undefined ? file : inner };
    const files = await listFiles(meant, context);
    if (!files.ok) return files;
    const chosen = new Map(choose(files.value).map((one) => [one.path, one]));
    const inTurn = files.value.filter(({ path }) => chosen.has(path));
    if (inTurn.length === 0) return ok([]);
    const written = await take(meant, inTurn, { target: taken, mostBytes: MOST_READ_BYTES, context });
    if (!written.ok) return written;
    const parts = cut(await readFile(taken), inTurn);
    return ok(parts.flatMap(({ path, bytes }) => pairOf(chosen.get(path), bytes)));
  } finally {
    for (const file of [inner, taken]) await rm(file, { force: true });
  }
}

function pairOf<Chosen>(file: Chosen | undefined, bytes: Buffer): ReadFile<Chosen>[] {
  return file === undefined ? [] : [{ file, bytes }];
}

async function unpackMember(
  archive: VerifiedArchive & { readonly member: string },
  target: HostPath,
  context: ReadContext,
): Promise<Result<void>> {
  const files = await listFiles(archive, context);
  if (!files.ok) return files;
  const found = files.value.filter(({ path }) => path.replace(/^\.\//, '') === archive.member);
  if (found.length !== 1)
    return fail(problemWith(archive, `it holds ${archive.member} ${found.length} times`));
  return take(archive, found, { target, mostBytes: MAX_UNKNOWN_SIZE_BYTES, context });
}

/** The plain files of an archive, in its order. */
async function listFiles(
  archive: VerifiedArchive,
  context: ReadContext,
): Promise<Result<readonly ArchiveFile[]>> {
  const argv = ['tar', '-tvf', archive.file, '--numeric-owner', '--quoting-style=escape'];
  const listed = await runTar(argv, 'capture', { context });
  if (!listed.succeeded) return fail(unreadable(archive, listed));
  return ok(listed.stdout.split('\n').flatMap((line) => fileOfLine(line) ?? []));
}

/** A line of `tar -tv`: mode, owner, size, date, time, name. A name that tar has to spell out cannot be chosen. */
function fileOfLine(line: string): ArchiveFile | undefined {
  const [, size, path] = /^-\S+ \d+\/\d+ +(\d+) \S+ \S+ ([^\\]+)$/.exec(line) ?? [];
  return size === undefined || path === undefined ? undefined : { path, sizeBytes: Number(size) };
}

type TakeOptions = {
  readonly target: HostPath;
  readonly mostBytes: number;
  readonly context: ReadContext;
};

/** Writes the contents of files of an archive into one file, in the archive's order. */
async function take(
  archive: VerifiedArchive,
  files: readonly ArchiveFile[],
  { target, mostBytes, context }: TakeOptions,
): Promise<Result<void>> {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (total > mostBytes)
    return fail(problemWith(archive, `${total} bytes are to be read, ${mostBytes} may be`));
  // `--occurrence` ends the pass once all are found.
  const argv = ['tar', '-xOf', archive.file, '--occurrence=1', '--no-unquote', '--null', '-T', '-'];
  const names = files.map(({ path }) => `${path}\0`).join('');
  const taken = await runTar(argv, { path: target }, { context, names });
  return taken.succeeded ? ok(undefined) : fail(unreadable(archive, taken));
}

function runTar(
  argv: readonly string[],
  stdout: Output,
  { context, names }: { readonly context: ReadContext; readonly names?: string },
): Promise<ProgramResult> {
  return runProgram({
    argv,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdin: names === undefined ? 'ignore' : { text: names },
    stdout,
    timeLimitMs: PASS_LIMIT_MS,
    ...(context.signal && { signal: context.signal }),
  });
}

/** Bytes that stand one behind the other, as single files again. */
function cut(
  all: Buffer,
  files: readonly ArchiveFile[],
): { readonly path: string; readonly bytes: Buffer }[] {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (total !== all.length) throw new Error(`tar listed ${total} bytes and gave ${all.length}`);
  let at = 0;
  return files.map(({ path, sizeBytes }) => {
    at += sizeBytes;
    return { path, bytes: all.subarray(at - sizeBytes, at) };
  });
}

function unreadable(archive: VerifiedArchive, result: ProgramResult): Problem {
  const { details = [] } = problemOf(result, { kind: 'source-unreadable', subject: archive.name });
  return { ...problemWith(archive, describeOutcome(result)), details };
}

function problemWith({ name, file }: VerifiedArchive, why: string): Problem {
  return {
    kind: 'source-unreadable',
    subject: name,
    message: `The archive of ${name} cannot be read: ${why}`,
    place: file,
  };
}
