import { fail, ok } from '#base';
import { describeFetched } from '#source';
import { fetchNames } from './fetch-sources.ts';
import { sourcesOfTargets } from './make-plan.ts';
import type { Handler } from './run-command.ts';
import { lockStore } from './store-lock.ts';

/** `fetch [NAME…]`: the named sources, or all that the profile's image takes; says where each came from. */
export function fetchCommand(names: readonly string[]): Handler {
  return async (session) => {
    const unknown = names.find((name) => !session.project.pins.has(name));
    if (unknown !== undefined) {
      return fail({
        kind: 'unknown-target',
        subject: unknown,
        message: `config/packages.list has no source ${unknown}`,
        hint: `Pin it: blazeneuro pin ${unknown} VERSION URL`,
      });
    }
    const locked = await lockStore(session);
    if (!locked.ok) return locked;
    await using _lock = locked.value;
    const wanted = names.length > 0 ? ok(names) : await sourcesOfTargets(session, ['image']);
    if (!wanted.ok) return wanted;
    const fetched = await fetchNames(session, wanted.value);
    if (!fetched.ok) return fetched;
    if (!session.flags.json) {
      for (const line of describeFetched(fetched.value.values())) process.stdout.write(`${line}\n`);
    }
    return ok(0);
  };
}
