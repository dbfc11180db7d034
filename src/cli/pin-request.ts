import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fail, type HostPath, ok, type Problem, type Result } from '#base';
import { isPinName, isPinVersion, ORIGIN_FORMS, parseOrigin } from '#config';
import type { Origin } from '#recipe';
import { aptOriginText, findReleases, type UnpinnedSources, upstreamOf, versionInPath } from '#source';
import type { PinList } from './pin-list.ts';

/** What a person asks for: a name, and as much as they said of the rest. */
export type PinRequest = {
  readonly name: string;
  readonly version: string | undefined;
  /** An origin as it was typed, or `apt:SOURCE`: the newest version in the archive. */
  readonly url: string | undefined;
};

/** An origin with the version that it has, where its address tells. */
export type OriginAt = { readonly origin: Origin; readonly version: string | undefined };

const APT_SOURCE = /^apt:([a-z0-9][a-z0-9+.-]+)$/;

/** Reads `NAME [VERSION] [URL]`; an address in the place of the version is the address. */
export function readPinRequest([name, second, ...others]: readonly string[]): Result<PinRequest> {
  const wrong = (message: string, hint: string): Result<never> =>
    fail({ kind: 'wrong-usage', subject: name ?? 'pin', message, hint });
  const order = 'The order is: blazeneuro pin NAME [VERSION] [URL]';
  if (name === undefined) {
    return wrong('The first word names a source, and there is none', `${order}; or: blazeneuro pin --check`);
  }
  const isAddress = second !== undefined && /^[a-z]+:/.test(second);
  const [version, url, ...surplus] = isAddress ? [undefined, second, ...others] : [second, ...others];
  if (surplus.length > 0) return wrong(`More words than there are meanings: ${surplus.join(' ')}`, order);
  if (!isPinName(name)) {
    return wrong(`Not a name: ${name}`, 'Names have lower-case letters, digits and + . _ -');
  }
  if (version !== undefined && !isPinVersion(version)) {
    return wrong(`Not a version: ${version}`, 'Versions have letters, digits and + . _ ~ -');
  }
  return ok({ name, version, url });
}

/**
 * The origins that may be meant, of which the first that gives something counts. It is one, but for `apt:SOURCE`: the
 * archive's lists may name what its hosts have no more, and then the version before it will do.
 */
export async function findOrigins(
  request: PinRequest & { readonly url: string },
  list: Pick<PinList, 'path' | 'present'>,
  sources: UnpinnedSources,
): Promise<Result<readonly OriginAt[]>> {
  const source = APT_SOURCE.exec(request.url)?.[1];
  if (source !== undefined) return findInArchive(source, request, list.path, sources);
  const origin = parseOrigin(asInList(request.url, list), list.path);
  if (origin === undefined) return fail(notAnOrigin(request));
  return ok([{ origin, version: request.version ?? versionOf(origin) }]);
}

async function findInArchive(
  source: string,
  { name, version }: PinRequest,
  listFile: HostPath,
  sources: UnpinnedSources,
): Promise<Result<readonly OriginAt[]>> {
  const versions = await sources.aptVersions(source);
  if (!versions.ok) return versions;
  const found = findReleases(versions.value, version).flatMap((one) => {
    const origin = parseOrigin(aptOriginText(source, one), listFile);
    return origin === undefined ? [] : [{ origin, version: version ?? one.upstream }];
  });
  if (found.length > 0) return ok(found);
  const known = [...new Set(versions.value.map(({ upstream }) => upstream))].join(', ');
  return fail({
    kind: 'source-unavailable',
    subject: name,
    message: `The archive has no version ${version ?? 'at all'} of the source package ${source}`,
    hint: `It has: ${known}`,
  });
}

/**
 * A path that a person types is seen from where they are; one that stands in the list already is meant as it stands
 * there.
 */
function asInList(url: string, { path: listFile, present }: Pick<PinList, 'path' | 'present'>): string {
  const path = url.startsWith('file:') ? url.slice('file:'.length) : undefined;
  if (path === undefined || path === '' || isAbsolute(path)) return url;
  if (present.some(({ origin }) => origin.text === url)) return url;
  return `file:${relative(dirname(listFile), resolve(path))}`;
}

function versionOf(origin: Origin): string | undefined {
  switch (origin.kind) {
    case 'apt':
      return upstreamOf(origin.version);
    case 'https':
      return versionInPath(new URL(origin.url).pathname);
    case 'mirror':
    case 'file':
      return versionInPath(origin.path);
  }
}

function notAnOrigin({ name, url }: PinRequest): Problem {
  const message = `Not an origin: ${url}`;
  return { kind: 'wrong-usage', subject: name, message, hint: `Expected ${ORIGIN_FORMS}, or apt:SOURCE` };
}

/** Nobody said which version an address has; `command` is one that does. */
export function noVersion({ name, url }: Pick<PinRequest, 'name' | 'url'>, command: string): Problem {
  const message = `The address does not tell the version of ${name}: ${url}`;
  return { kind: 'wrong-usage', subject: name, message, hint: `Say it: blazeneuro ${command}` };
}
