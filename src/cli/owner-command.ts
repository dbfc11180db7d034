import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, isErrno, ok } from '#base';
import { outFolder } from './locations.ts';
import type { Handler } from './run-command.ts';

/** `owner PATH`: which build a file of the profile's image came from. */
export function ownerCommand(path: string): Handler {
  return async (session) => {
    const place = join(outFolder(session.flags.profile), 'manifest.json');
    let text: string;
    try {
      text = await readFile(place, 'utf8');
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
      const message = `There is no image of the profile ${session.flags.profile} here`;
      return fail({ kind: 'not-built', subject: path, message, place, hint: 'Build it: blazeneuro build' });
    }
    const manifest = JSON.parse(text) as { files: readonly { path: string; build: string }[] };
    const found = manifest.files.find((file) => file.path === path);
    if (found === undefined) {
      const message = `The image has no ${path}`;
      return fail({
        kind: 'not-built',
        subject: path,
        message,
        hint: 'Paths are absolute, as in the running system',
      });
    }
    process.stdout.write(`${session.flags.json ? JSON.stringify(found) : found.build}\n`);
    return ok(0);
  };
}
