import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fail, isErrno, ok, plainText } from '#base';
import type { Handler } from './run-command.ts';

/** `log BUILD`: what its last run here said; on a terminal with control characters spelt out. */
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
    const log = createReadStream(path);
    if (process.stdout.isTTY === true) await pipeline(log, harmless, process.stdout, { end: false });
    else await pipeline(log, process.stdout, { end: false });
    return ok(0);
  };
}

/** What a build said must not steer the terminal of who reads it; programs get its very bytes. */
async function* harmless(chunks: AsyncIterable<Buffer>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) yield plainLines(decoder.decode(chunk, { stream: true }));
  yield plainLines(decoder.decode());
}

function plainLines(text: string): string {
  return text.split('\n').map(plainText).join('\n');
}
