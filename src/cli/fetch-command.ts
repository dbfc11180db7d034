import { resolve } from 'node:path';
import { fail, ok, type Result } from '#base';
import { type Bundle, describeFetched, openBundle } from '#source';
import { fetchNames } from './fetch-sources.ts';
import type { Handler } from './run-command.ts';
import { lockStore } from './store-lock.ts';
import { wantedSources } from './wanted-sources.ts';
import { writeSourcesBundle } from './write-sources-bundle.ts';

/** The words behind `fetch`, as the command line gave them. */
export type FetchWords = {
  /** A file that is written; with `--offline`, one that is read. */
  readonly bundle?: string;
  readonly copyleft?: boolean;
};

/**
 * `fetch [NAME…]`: the named sources, or all that the profile's image takes; says where each came from. They can go
 * into a bundle, and come out of one.
 */
export function fetchCommand(names: readonly string[], words: FetchWords = {}): Handler {
  return async (session) => {
    const unknown = names.find((name) => !session.project.pins.has(name));
    if (unknown !== undefined) return unknownSource(unknown);
    const file = words.bundle === undefined ? undefined : resolve(words.bundle);
    const locked = await lockStore(session);
    if (!locked.ok) return locked;
    await using _lock = locked.value;
    const opened = session.flags.offline ? await openIfNamed(file) : ok(undefined);
    if (!opened.ok) return opened;
    const wish = { names, copyleft: words.copyleft === true, bundle: opened.value };
    const wanted = await wantedSources(session, wish);
    if (!wanted.ok) return wanted;
    const fetched = await fetchNames(session, wanted.value, opened.value);
    if (!fetched.ok) return fetched;
    if (file !== undefined && opened.value === undefined) {
      const written = await writeSourcesBundle(session, file, fetched.value.values());
      if (!written.ok) return written;
    }
    if (!session.flags.json) {
      for (const line of describeFetched(fetched.value.values())) process.stdout.write(`${line}\n`);
    }
    return ok(0);
  };
}

function openIfNamed(file: string | undefined): Promise<Result<Bundle | undefined>> | Result<undefined> {
  return file === undefined ? ok(undefined) : openBundle(file);
}

function unknownSource(name: string): Result<never> {
  return fail({
    kind: 'unknown-target',
    subject: name,
    message: `config/packages.list has no source ${name}`,
    hint: `Pin it: blazeneuro pin ${name} VERSION URL`,
  });
}
