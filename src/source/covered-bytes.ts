import { createReadStream } from 'node:fs';
import type { HostPath } from '#base';
import { describeOutcome, startProgram } from '#process';

/** Most that an archive may unpack to; Linux, the largest known, has 1.5 GB. */
const MAX_TAR_BYTES = 8 * 1024 ** 3;
/** Longest time to unpack one: Linux at 3 MB/s. */
const UNPACK_TIMEOUT_MS = 10 * 60_000;

/** By the end of an archive's name, the program of this machine that gives the tar; bounded in memory where it can be. */
const UNPACKERS: readonly (readonly [ending: string, argv: readonly string[]])[] = [
  ['.xz', ['xz', '-dc', '-T1', '--memlimit-decompress=256MiB']],
  ['.gz', ['gzip', '-dc']],
  ['.tgz', ['gzip', '-dc']],
  ['.bz2', ['bzip2', '-dc']],
  ['.zst', ['zstd', '-dc', '-q', '--memory=256MB']],
];

/** An archive whose size and digest were verified, under the name that its origin gives it. */
export type VerifiedArchive = {
  readonly file: HostPath;
  readonly name: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
};

/** What was made of the bytes, or why they cannot be had. */
export type Read<T> = { readonly value: T } | { readonly reason: string };

/** Hands the bytes that a signature covers to a reader: the archive's own, or those of the tar inside it. */
export async function readCovered<T>(
  archive: VerifiedArchive,
  covers: 'file' | 'tar',
  read: (bytes: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<Read<T>> {
  if (covers === 'file' || archive.name.endsWith('.tar')) {
    return { value: await read(createReadStream(archive.file, { highWaterMark: 256 * 1024 })) };
  }
  const argv = UNPACKERS.find(([ending]) => archive.name.endsWith(ending))?.[1];
  if (argv === undefined) return { reason: `${archive.name} has no ending that says how to get its tar` };
  return readTar(archive, argv, read);
}

async function readTar<T>(
  { file, environment, signal }: VerifiedArchive,
  argv: readonly string[],
  read: (bytes: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<Read<T>> {
  await using program = startProgram({
    argv,
    env: { PATH: environment['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
    stdin: { path: file },
    stdout: 'pipe',
    timeLimitMs: UNPACK_TIMEOUT_MS,
    dieWithUs: true,
    ...(signal === undefined ? {} : { signal }),
  });
  let sizeBytes = 0;
  const bounded = async function* (): AsyncIterable<Uint8Array> {
    for await (const chunk of program.stdout as AsyncIterable<Uint8Array>) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > MAX_TAR_BYTES) return;
      yield chunk;
    }
  };
  const value = await read(bounded());
  if (sizeBytes > MAX_TAR_BYTES) return { reason: `it unpacks to more than ${MAX_TAR_BYTES} bytes` };
  const ended = await program.ended;
  return ended.succeeded ? { value } : { reason: describeOutcome(ended) };
}
