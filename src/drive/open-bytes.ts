import { type FileHandle, open, readFile } from 'node:fs/promises';
import { fail, type HostPath, isErrno, ok, type Problem, ProblemError, type Result } from '#base';
import type { ByteReader } from '#file-system';
import { deviceNumber } from './world.ts';

/** The kernel counts a device's size in these, whatever its own sectors are (Documentation/ABI, `size`). */
const SYSFS_SECTOR_BYTES = 512;

/** Opens an image file or a drive for reading; nothing is ever written through it. */
export async function openBytes(path: HostPath): Promise<Result<ByteReader & AsyncDisposable>> {
  const file = await openFile(path);
  if (!file.ok) return file;
  const sizeBytes = await sizeOf(file.value, path);
  if (!sizeBytes.ok) {
    await file.value.close();
    return sizeBytes;
  }
  return ok({
    sizeBytes: sizeBytes.value,
    read: (offset, length) => readExactly(file.value, path, { offset, length }),
    [Symbol.asyncDispose]: () => file.value.close(),
  });
}

async function openFile(path: HostPath): Promise<Result<FileHandle>> {
  try {
    return ok(await open(path, 'r'));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return fail(unopened(path, 'is not there', 'wrong-usage'));
    if (isErrno(error, 'ENOMEDIUM')) return fail(unopened(path, 'has no medium in it', 'wrong-usage'));
    if (isErrno(error, 'EACCES') || isErrno(error, 'EPERM')) {
      return fail({
        ...unopened(path, 'may not be read by this user', 'host-lacks'),
        hint: 'Run the same command as root, by sudo',
      });
    }
    throw error;
  }
}

async function sizeOf(file: FileHandle, path: HostPath): Promise<Result<number>> {
  const stat = await file.stat({ bigint: true });
  if (stat.isFile()) return ok(Number(stat.size));
  if (!stat.isBlockDevice()) {
    return fail(unopened(path, 'is neither an image nor a drive', 'wrong-usage'));
  }
  const sectors = Number(await readFile(`/sys/dev/block/${deviceNumber(stat.rdev)}/size`, 'utf8'));
  return ok(sectors * SYSFS_SECTOR_BYTES);
}

async function readExactly(
  file: FileHandle,
  path: HostPath,
  { offset, length }: { readonly offset: number; readonly length: number },
): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  try {
    for (let done = 0; done < length; ) {
      const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) throw new ProblemError(unread(path, offset + done, 'it ends there'));
      done += bytesRead;
    }
  } catch (error) {
    if (isErrno(error, 'EIO')) throw new ProblemError(unread(path, offset, 'the drive gives an error'));
    throw error;
  }
  return bytes;
}

function unread(path: HostPath, offset: number, why: string): Problem {
  return {
    kind: 'file-system-damaged',
    subject: path,
    message: `${path} cannot be read at byte ${offset}: ${why}`,
    hint: 'Save what matters, and write the stick anew, or take another one',
  };
}

function unopened(path: HostPath, what: string, kind: Problem['kind']): Problem {
  return { kind, subject: path, message: `${path} ${what}` };
}
