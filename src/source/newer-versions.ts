import { fail, ok, type Result } from '#base';
import type { Pin } from '#recipe';
import { compareVersions, isBeforeRelease } from './compare-versions.ts';
import { spread } from './fetch-mirror.ts';
import type { UnpinnedOrigins } from './fetch-unpinned.ts';
import { readAddress } from './read-address.ts';
import { versionedParts } from './version-in-path.ts';
import type { Web } from './web.ts';

/** A listing larger than this is not one that we could make sense of. */
const MAX_LISTING_BYTES = 8 * 1024 ** 2;

/** Longest time for one listing. */
const LISTING_TIMEOUT_MS = 60_000;

const LISTING = { takeIn: readText, limits: { totalMs: LISTING_TIMEOUT_MS } } as const;

/** What the origins of a name know of versions after the pinned one, the newest first; or why none can tell. */
export type NewerVersions =
  | { readonly versions: readonly string[] }
  | { readonly cannotTell: readonly string[] };

/** Asks every origin of a name. Versions that only announce a release count for a pin that is such a one itself. */
export async function findNewerVersions(
  pins: readonly Pin[],
  origins: UnpinnedOrigins,
): Promise<NewerVersions> {
  const found = new Set<string>();
  const reasons: string[] = [];
  let canTell = false;
  for (const pin of pins) {
    const versions = await versionsAt(pin, origins);
    if (versions.ok) {
      canTell = true;
      for (const version of versions.value) if (isNewer(version, pin.version)) found.add(version);
    } else {
      reasons.push(versions.problem.message);
    }
  }
  if (!canTell) return { cannotTell: reasons };
  return { versions: [...found].toSorted((left, right) => compareVersions(right, left)) };
}

function isNewer(version: string, pinned: string): boolean {
  if (isBeforeRelease(version) && !isBeforeRelease(pinned)) return false;
  return compareVersions(version, pinned) > 0;
}

/** All versions that an origin shows. */
async function versionsAt(
  { name, version, origin }: Pin,
  origins: UnpinnedOrigins,
): Promise<Result<readonly string[]>> {
  switch (origin.kind) {
    case 'apt': {
      const versions = await origins.aptVersions(origin.source);
      return versions.ok ? ok(versions.value.map(({ upstream }) => upstream)) : versions;
    }
    case 'https': {
      const { origin: host, pathname } = new URL(origin.url);
      return inListings(`${host}/`, pathname.slice(1), { name, version, web: origins.web });
    }
    case 'mirror': {
      let last: Result<readonly string[]> = cannotTell(name, `mirrors.list has no list ${origin.list}`);
      for (const host of spread(origins.mirrors.get(origin.list) ?? [], name)) {
        last = await inListings(host, origin.path, { name, version, web: origins.web });
        if (last.ok) return last;
      }
      return last;
    }
    case 'file':
      return cannotTell(name, 'a file of this machine says nothing of other versions');
  }
}

/** The versions in the listings of the folders that a path goes through. One that shows the pinned version counts. */
async function inListings(
  base: string,
  path: string,
  { name, version, web }: { readonly name: string; readonly version: string; readonly web: Web },
): Promise<Result<readonly string[]>> {
  const parts = versionedParts(path, version);
  const found: string[] = [];
  let reason = 'its path does not name the version';
  for (const { folder, entry } of parts) {
    const listing = await readAddress(`${base}${folder === '' ? '' : `${folder}/`}`, web, LISTING);
    if ('reason' in listing) {
      reason = listing.reason;
      continue;
    }
    const versions = entriesOf(listing.value).flatMap((text) => entry.exec(text)?.[1] ?? []);
    if (versions.length === 0) reason = 'the server gives no listing';
    found.push(...versions.map((text) => text.replaceAll('_', '.')));
  }
  return found.length > 0 ? ok(found) : cannotTell(name, `${new URL(base).host}: ${reason}`);
}

/** The names that the links of a listing lead to; each server writes its page in a way of its own. */
export function entriesOf(page: string): readonly string[] {
  const links = page.matchAll(/\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi);
  return [...links].flatMap(([, double, single, bare]) => {
    const path = (double ?? single ?? bare ?? '').replace(/[?#].*$/, '').replace(/\/$/, '');
    const entry = path.slice(path.lastIndexOf('/') + 1);
    return /%(?![0-9a-f]{2})/i.test(entry) || entry === '' ? [] : [decodePlain(entry)];
  });
}

/** Only what stands for ASCII: anything else is in the name of no archive. */
function decodePlain(text: string): string {
  return text.replaceAll(/%([2-7][0-9a-f])/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_LISTING_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function cannotTell(name: string, message: string): Result<never> {
  return fail({ kind: 'source-unavailable', subject: name, message });
}
