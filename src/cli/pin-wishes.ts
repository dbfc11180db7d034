import { fail, ok, type Result } from '#base';
import { parseOrigin } from '#config';
import type { Origin } from '#recipe';
import { aptOriginText, findReleases, pathAtVersion, type UnpinnedSources } from '#source';
import type { PinList, PresentLine } from './pin-list.ts';
import { findOrigins, noVersion, type PinRequest } from './pin-request.ts';

/** A line as it is to be: of which version, from which origin, and what stands there now. */
export type Wish = {
  readonly name: string;
  readonly version: string;
  /** Absent for an origin that comes. */
  readonly present?: PresentLine | undefined;
  /** The origin, or why it cannot have the version. */
  readonly origin: Result<Origin>;
  /** Whether a person named just this origin: without it there is nothing to do. */
  readonly isNamed: boolean;
};

/** What a request means for the lines of its name: alternatives, of which the first that gives something counts. */
export async function findWishes(
  request: PinRequest,
  list: PinList,
  sources: UnpinnedSources,
): Promise<Result<readonly (readonly Wish[])[]>> {
  const { name, url } = request;
  const pinned = list.present[0]?.version;
  if (url !== undefined) return wishesWithOrigin({ ...request, url }, list, sources);
  if (pinned === undefined) {
    return fail({
      kind: 'unknown-target',
      subject: name,
      message: `${list.path} has no source ${name}`,
      hint: `Say where it is: blazeneuro pin ${name} VERSION URL`,
    });
  }
  return ok([await moveAll(list.present, { name, version: request.version ?? pinned, list, sources })]);
}

async function wishesWithOrigin(
  request: PinRequest & { readonly url: string },
  list: PinList,
  sources: UnpinnedSources,
): Promise<Result<readonly (readonly Wish[])[]>> {
  const { name, url } = request;
  const found = await findOrigins(request, list, sources);
  if (!found.ok) return found;
  const alternatives: (readonly Wish[])[] = [];
  for (const { origin, version } of found.value) {
    if (version === undefined) return fail(noVersion(request, `pin ${name} VERSION ${url}`));
    alternatives.push(await wishesFor(origin, { name, version, list, sources }));
  }
  return ok(alternatives);
}

/** The named origin first; and, when the version is another one, all that are there. */
async function wishesFor(origin: Origin, move: Move): Promise<readonly Wish[]> {
  const { name, version, list } = move;
  const pinned = list.present[0]?.version;
  const isNew = pinned !== undefined && pinned !== version;
  const moved = isNew ? await moveAll(list.present, move) : [];
  // The line that the named origin has, or would have if it were moved.
  const same =
    moved.find((wish) => wish.origin.ok && wish.origin.value.text === origin.text)?.present ??
    list.present.find((line) => line.origin.text === origin.text);
  const named: Wish = { name, version, present: same, origin: ok(origin), isNamed: true };
  return [named, ...moved.filter(({ present }) => present !== same)];
}

type Move = {
  readonly name: string;
  readonly version: string;
  readonly list: PinList;
  readonly sources: UnpinnedSources;
};

async function moveAll(lines: readonly PresentLine[], move: Move): Promise<readonly Wish[]> {
  const { name, version } = move;
  return Promise.all(
    lines.map(async (present) => ({
      name,
      version,
      present,
      origin: present.version === version ? ok(present.origin) : await moveOrigin(present, move),
      isNamed: false,
    })),
  );
}

/** The same origin at another version. */
async function moveOrigin(
  { origin, version: from }: PresentLine,
  { name, version, list, sources }: Move,
): Promise<Result<Origin>> {
  const none = (why: string): Result<never> =>
    fail({ kind: 'source-unavailable', subject: name, message: `${origin.text}: ${why}` });
  const doesNotNameIt = `its path does not name the version ${from}`;
  if (origin.kind !== 'apt') {
    const text = pathAtVersion(origin.text, from, version);
    const moved = text === undefined ? undefined : parseOrigin(text, list.path);
    return moved === undefined ? none(doesNotNameIt) : ok(moved);
  }
  const versions = await sources.aptVersions(origin.source);
  if (!versions.ok) return none(versions.problem.message);
  const found = findReleases(versions.value, version)[0];
  if (found === undefined) return none(`the archive has no version ${version}`);
  const member = origin.member === undefined ? '' : pathAtVersion(origin.member, from, version);
  if (member === undefined) return none(doesNotNameIt);
  const text = `${aptOriginText(origin.source, found)}${member === '' ? '' : `#${member}`}`;
  const moved = parseOrigin(text, list.path);
  return moved === undefined ? none(`the archive's name of it cannot be written down: ${text}`) : ok(moved);
}
