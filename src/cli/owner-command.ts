import { fail, ok } from '#base';
import { imagePath } from './image-parts.ts';
import { readImageManifest } from './read-image-manifest.ts';
import type { Handler } from './run-command.ts';

/** `owner PATH`: which build a file of the profile's image came from. */
export function ownerCommand(path: string): Handler {
  return async (session) => {
    const manifest = await readImageManifest(imagePath(session));
    if (!manifest.ok) return manifest;
    const found = manifest.value.files.find((file) => file.path === path);
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
