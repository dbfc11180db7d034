import { fail, ok, type Result } from '#base';
import type { Pin } from '#recipe';
import type { NewerVersions, UnpinnedSources } from '#source';
import { openSources } from './edit-session.ts';
import { writeLine } from './open-reporter.ts';
import type { Handler } from './run-command.ts';
import type { Session } from './session.ts';
import { lockStore } from './store-lock.ts';

/** How many names are asked for at once: apt's program reads all of its lists for each. */
const AT_ONCE = 4;

/** What is known of a name. */
export type Checked = { readonly name: string; readonly version: string; readonly found: NewerVersions };

/** `pin --check [NAME…]`: which sources upstream has newer versions of, where an origin can tell. */
export function pinCheckCommand(names: readonly string[]): Handler {
  return async (session) => {
    const { pins } = session.project;
    const unknown = names.find((name) => !pins.has(name));
    if (unknown !== undefined) return notPinned(unknown);
    if (session.flags.offline) return needsNetwork();
    const locked = await lockStore(session);
    if (!locked.ok) return locked;
    await using _lock = locked.value;
    await using sources = await openSources({ ...session, mirrors: session.project.mirrors });
    const wanted = names.length > 0 ? names : [...pins.keys()];
    const asked = wanted.map((name) => pins.get(name) ?? []);
    const checked = await checkAll(asked, sources, session);
    if (session.signal.aborted) {
      return fail({ kind: 'interrupted', subject: 'pin', message: 'Stopped before all origins were asked' });
    }
    tell(checked, { ...session, tellsAll: names.length > 0 || session.flags.verbose });
    return ok(0);
  };
}

async function checkAll(
  asked: readonly (readonly Pin[])[],
  sources: UnpinnedSources,
  { signal }: Session,
): Promise<readonly Checked[]> {
  const checked: Checked[] = [];
  for (let start = 0; start < asked.length && !signal.aborted; start += AT_ONCE) {
    const some = asked.slice(start, start + AT_ONCE).map((pins) => checkOne(pins, sources));
    checked.push(...(await Promise.all(some)).flat());
  }
  return checked;
}

async function checkOne(pins: readonly Pin[], sources: UnpinnedSources): Promise<readonly Checked[]> {
  const [first] = pins;
  if (first === undefined) return [];
  return [{ name: first.name, version: first.version, found: await sources.newerVersions(pins) }];
}

function tell(
  checked: readonly Checked[],
  { flags, tellsAll }: Pick<Session, 'flags'> & { readonly tellsAll: boolean },
): void {
  for (const one of checked) {
    const line = flags.json ? JSON.stringify(checkedEvent(one)) : checkedLine(one, tellsAll);
    if (line !== undefined) process.stdout.write(`${line}\n`);
  }
  if (flags.json) return;
  const newer = checked.filter(({ found }) => 'versions' in found && found.versions.length > 0).length;
  const unknown = checked.filter(({ found }) => 'cannotTell' in found).length;
  writeLine(
    `${newer} with newer versions, ${checked.length - newer - unknown} without, ${unknown} that no origin can tell of`,
  );
}

/** A line for people; undefined for what is as new as can be, unless all is to be told. */
export function checkedLine({ name, version, found }: Checked, tellsAll: boolean): string | undefined {
  if ('cannotTell' in found) return `${name} ${version}: cannot tell (${found.cannotTell.join('; ')})`;
  const [newest, ...others] = found.versions;
  if (newest === undefined)
    return tellsAll ? `${name} ${version}: the newest that its origins have` : undefined;
  return `${name} ${version} → ${newest}${others.length === 0 ? '' : `, also ${others.join(', ')}`}`;
}

function checkedEvent({ name, version, found }: Checked) {
  const newer = 'versions' in found ? found.versions : null;
  return {
    type: 'pin-checked',
    name,
    version,
    newer,
    cannotTell: 'cannotTell' in found ? found.cannotTell : [],
  };
}

function notPinned(name: string): Result<never> {
  return fail({
    kind: 'unknown-target',
    subject: name,
    message: `packages.list has no source ${name}`,
    hint: `Pin it: blazeneuro pin ${name} VERSION URL`,
  });
}

function needsNetwork(): Result<never> {
  return fail({
    kind: 'wrong-usage',
    subject: 'pin',
    message: 'Newer versions are asked of the origins, and --offline forbids that',
    hint: 'blazeneuro pin --check',
  });
}
