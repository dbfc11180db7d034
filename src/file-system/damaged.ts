import { fail, formatBytes, ProblemError, type Result } from '#base';

/** The file systems that can be read. */
export type FileSystemName = 'ext4' | 'FAT32';

/** Ends the reading: something on the drive is not as it has to be. `offsetBytes` counts from the partition's begin. */
export function damaged(fileSystem: FileSystemName, what: string, offsetBytes?: number): never {
  const place = offsetBytes === undefined ? '' : `, at byte ${offsetBytes} (${formatBytes(offsetBytes)})`;
  throw new ProblemError({
    kind: 'file-system-damaged',
    subject: fileSystem,
    message: `The ${fileSystem} file system is damaged: ${what}${place}`,
    hint: 'Starting from the stick checks and mends its file system; so does e2fsck or fsck.fat on another machine',
  });
}

/** Ends the reading: a file system of another kind than this program makes. */
export function foreign(fileSystem: FileSystemName, what: string): never {
  throw new ProblemError({
    kind: 'file-system-damaged',
    subject: fileSystem,
    message: `This is no ${fileSystem} file system that can be read: ${what}`,
    hint: 'Is it the right drive or image? Only what this program makes is read',
  });
}

/** What a reading function gave, or the problem that it ended with. */
export async function asResult<T>(read: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    if (error instanceof ProblemError) return fail(error.problem);
    throw error;
  }
}
