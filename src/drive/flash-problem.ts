import { formatBytes, type Problem, ProblemError } from '#base';
import type { ByteReader } from '#file-system';
import type { OpenDrive } from './open-drive.ts';

const TRY_AGAIN =
  'Run the same command again. If it fails again, try another port, without a hub, or another drive';

/** What is thrown while a drive is written: every failure there ends the flash. */
export function flashFailure(subject: string, message: string, more: Partial<Problem> = {}): ProblemError {
  return new ProblemError({ kind: 'flash-failed', subject, message, hint: TRY_AGAIN, ...more });
}

/** A drive whose failures say what was being done, and where. */
export function explainFailures(drive: OpenDrive, name: string): Omit<OpenDrive, typeof Symbol.asyncDispose> {
  return {
    sizeBytes: drive.sizeBytes,
    write: (bytes, offsetBytes) =>
      explained(() => drive.write(bytes, offsetBytes), name, `write at ${formatBytes(offsetBytes)} of`),
    read: (into, offsetBytes) =>
      explained(() => drive.read(into, offsetBytes), name, `read at ${formatBytes(offsetBytes)} of`),
    flush: () => explained(() => drive.flush(), name, 'bring all that was written to'),
  };
}

/** An image whose failures are told as such, not as those of the drive. */
export function explainImageFailures(image: ByteReader, path: string): ByteReader {
  return {
    sizeBytes: image.sizeBytes,
    read: async (offsetBytes, lengthBytes) => {
      try {
        return await image.read(offsetBytes, lengthBytes);
      } catch (error) {
        if (!isSystemError(error)) throw error;
        throw flashFailure(
          path,
          `The image could not be read at ${formatBytes(offsetBytes)}: ${error.message}`,
          {
            hint: 'Is the image still there, and whole?',
          },
        );
      }
    },
  };
}

async function explained<Value>(act: () => Promise<Value>, name: string, doing: string): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw flashFailure(name, `The system could not ${doing} ${name}: ${error.message}`);
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && /^E[A-Z0-9]+$/.test(String(error.code));
}
