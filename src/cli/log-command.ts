import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fail, isErrno, ok } from '#base';
import type { Handler } from './run-command.ts';

/** `log BUILD`: what its last run here said. */
export function logCommand(name: string): Handler {
  return async (session) => {
    const path = join(session.logs, `${name}.log`);
    try {
      await stat(path);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
      const hint = `It is written when the build runs: blazeneuro build --rebuild ${name} ${name}`;
      return fail({
        kind: 'not-built',
        subject: name,
        message: `There is no log of ${name}`,
        place: path,
        hint,
      });
    }
    await pipeline(createReadStream(path), process.stdout, { end: false });
    return ok(0);
  };
}
