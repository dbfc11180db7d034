import { createReadStream } from 'node:fs';
import { type HostPath, isErrno } from '#base';
import type { Pin } from '#recipe';
import { type Answer, unavailable } from './answer.ts';
import { writeVerified } from './verified-file.ts';

/** Takes a copy of a file of this machine, verified on the way. */
export async function fetchFile(path: HostPath, pin: Pin, file: HostPath): Promise<Answer> {
  try {
    return await writeVerified(createReadStream(path), file, pin);
  } catch (error) {
    for (const code of ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR']) {
      if (isErrno(error, code)) return unavailable(`${path}: ${code}`);
    }
    throw error;
  }
}
