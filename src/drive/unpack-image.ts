import { createReadStream } from 'node:fs';
import { type FileHandle, open, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { fail, formatBytes, type HostPath, isNoSpace, ok, type Problem, type Result } from '#base';
import { describeOutcome, startProgram } from '#process';
import type { Compression } from './compression.ts';
import { writeSparsely } from './sparse-file.ts';

/** What is unpacked, where to, and what it may come to. */
export type UnpackRequest = {
  readonly path: HostPath;
  readonly compression: Compression;
  readonly packedBytes: number;
  /** Where the unpacked image lies as long as it is open; it has no name there, so that nothing is left of it. */
  readonly folder: HostPath;
  /** The size of the drive: what comes to more is broken off. */
  readonly largestBytes: number;
  readonly signal: AbortSignal;
  /** Gets all bytes, in order, and how many of the packed ones have been read. */
  readonly onBytes: (bytes: Buffer) => void;
};

const CHUNK_BYTES = 1024 * 1024;

/** Unpacks an image into a file without a name, whole. Problem: it is damaged or cut off, or there is no room. */
export async function unpackImage(request: UnpackRequest): Promise<Result<FileHandle>> {
  const { folder, packedBytes, path } = request;
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < packedBytes) return fail(noRoom(request));
  const name = join(folder, `blazeneuro-unpacked-${process.pid}`);
  const file = await open(name, 'wx+', 0o600);
  await unlink(name);
  try {
    const problem = await unpackInto(file, request);
    if (problem === undefined) return ok(file);
    await file.close();
    return fail(problem);
  } catch (error) {
    await file.close();
    if (error === request.signal.reason) return fail(stopped(path));
    if (isNoSpace(error)) return fail(noRoom(request));
    if (isDamage(error)) return fail(damaged(path, error.message));
    throw error;
  }
}

async function unpackInto(file: FileHandle, request: UnpackRequest): Promise<Problem | undefined> {
  await using unpacking = startUnpacking(request);
  let end = 0;
  for await (const chunk of unpacking.stream) {
    request.signal.throwIfAborted();
    if (end + chunk.length > request.largestBytes) return tooLarge(request);
    request.onBytes(chunk);
    end = await writeSparsely(file, chunk, end);
  }
  await file.truncate(end);
  return await unpacking.end();
}

type Unpacking = AsyncDisposable & {
  readonly stream: AsyncIterable<Buffer>;
  /** How it ended, once the stream has. */
  end(): Promise<Problem | undefined>;
};

/** zstd and gzip are Node's own; xz is a program of the machine. */
function startUnpacking({ path, compression }: UnpackRequest): Unpacking {
  if (compression === 'xz') {
    const xz = startProgram({
      argv: ['xz', '--decompress', '--stdout'],
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
      stdin: { path },
      stdout: 'pipe',
    });
    return {
      stream: xz.pid === undefined ? Readable.from([]) : xz.stdout,
      end: async () => {
        const result = await xz.ended;
        if (result.succeeded) return undefined;
        if (result.outcome === 'not-started') return noXz(path);
        return damaged(path, result.stderr.trim() === '' ? describeOutcome(result) : result.stderr.trim());
      },
      [Symbol.asyncDispose]: async () => void (await xz.stop()),
    };
  }
  const unpacker =
    compression === 'zstd'
      ? createZstdDecompress({ chunkSize: CHUNK_BYTES })
      : createGunzip({ chunkSize: CHUNK_BYTES });
  const packed = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  packed.on('error', (error) => unpacker.destroy(error));
  packed.pipe(unpacker);
  return {
    stream: unpacker,
    end: async () => undefined,
    [Symbol.asyncDispose]: async () => {
      packed.destroy();
      unpacker.destroy();
    },
  };
}

/** What node:zlib says of bytes that it cannot unpack. */
function isDamage(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^(?:Z_|ZSTD_|ERR_Z)/.test(String(error.code));
}

function damaged(path: HostPath, why: string): Problem {
  return {
    kind: 'image-failed',
    subject: path,
    message: `${path} cannot be unpacked: it is damaged or cut off`,
    details: [why],
    hint: 'Copy or download it again. Nothing was written to the drive',
  };
}

function tooLarge({ path, largestBytes }: UnpackRequest): Problem {
  return {
    kind: 'refused',
    subject: path,
    message: `${path} holds more than the drive does: more than ${formatBytes(largestBytes)}`,
    hint: 'Use a larger drive',
  };
}

function noRoom({ path, folder }: UnpackRequest): Problem {
  return {
    kind: 'no-space',
    subject: folder,
    message: `There is no room in ${folder} to unpack ${path}`,
    hint: 'Free some there, or name another folder: TMPDIR=/another/folder',
  };
}

function stopped(path: HostPath): Problem {
  const message = `Unpacking ${path} was interrupted. Nothing was written to the drive`;
  return { kind: 'interrupted', subject: path, message, hint: 'Run the same command again' };
}

function noXz(path: HostPath): Problem {
  return {
    kind: 'host-lacks',
    subject: 'xz',
    message: `${path} is packed by xz, which this machine lacks`,
    hint: 'On Debian and Ubuntu: apt-get install xz-utils',
  };
}
