import { type FileHandle, open } from 'node:fs/promises';
import { type Digest, fail, type HostPath, isErrno, ok, type Problem, type Result, startDigest } from '#base';
import type { Emit } from '#event';
import type { ByteReader } from '#file-system';
import { compressionOf, MAGIC_BYTES } from './compression.ts';
import { unpackImage } from './unpack-image.ts';

/** An image that can be read anywhere, unpacked if it was packed. */
export type OpenImage = AsyncDisposable &
  ByteReader & {
    readonly path: HostPath;
    /** Of the image as it is unpacked; absent for one that was not packed, since its bytes were not read. */
    readonly digest: Digest | undefined;
  };

/** What opening an image may need. */
export type OpenImageOptions = {
  /** Where it is unpacked. */
  readonly folder: HostPath;
  /** No larger one is of use. */
  readonly largestBytes: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
};

/** Opens an image: as it is, or packed by zstd, xz or gzip, which its first bytes tell and not its name. */
export async function openImage(path: HostPath, options: OpenImageOptions): Promise<Result<OpenImage>> {
  const packed = await openFile(path);
  if (!packed.ok) return packed;
  const file = packed.value;
  const { size: packedBytes } = await file.stat();
  const beginning = Buffer.alloc(MAGIC_BYTES);
  await file.read(beginning, 0, MAGIC_BYTES, 0);
  const compression = compressionOf(beginning);
  if (compression === undefined)
    return ok(imageOf(path, file, { sizeBytes: packedBytes, digest: undefined }));
  await file.close();

  const { folder, largestBytes, emit, signal } = options;
  const step = `unpack ${path}`;
  const startedMs = performance.now();
  emit({ type: 'step-started', step });
  const digest = startDigest();
  const onBytes = (bytes: Buffer): void => digest.update(bytes);
  const unpacked = await unpackImage({
    path,
    compression,
    packedBytes,
    folder,
    largestBytes,
    signal,
    onBytes,
  });
  if (!unpacked.ok) return unpacked;
  emit({ type: 'step-finished', step, durationMs: Math.round(performance.now() - startedMs) });
  const { size: sizeBytes } = await unpacked.value.stat();
  return ok(imageOf(path, unpacked.value, { sizeBytes, digest: digest.end() }));
}

function imageOf(
  path: HostPath,
  file: FileHandle,
  { sizeBytes, digest }: { readonly sizeBytes: number; readonly digest: Digest | undefined },
): OpenImage {
  return {
    path,
    digest,
    sizeBytes,
    read: async (offsetBytes, lengthBytes) => {
      const bytes = Buffer.allocUnsafe(lengthBytes);
      for (let done = 0; done < lengthBytes; ) {
        const { bytesRead } = await file.read(bytes, done, lengthBytes - done, offsetBytes + done);
        if (bytesRead === 0) throw new RangeError(`${path} ends before byte ${offsetBytes + lengthBytes}`);
        done += bytesRead;
      }
      return bytes;
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

async function openFile(path: HostPath): Promise<Result<FileHandle>> {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isFile()) return ok(file);
    await file.close();
    return fail(noFile(path, `${path} is no file`));
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR'))
      return fail(noFile(path, `There is no image ${path}`));
    if (isErrno(error, 'EACCES')) return fail(noFile(path, `You may not read ${path}`));
    throw error;
  }
}

function noFile(path: HostPath, message: string): Problem {
  return { kind: 'not-built', subject: path, message, hint: 'Build an image: blazeneuro build' };
}
