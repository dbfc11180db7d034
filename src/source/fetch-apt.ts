import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, fail, type HostPath, ok, type Problem, type Result } from '#base';
import { describeOutcome, type ProgramResult } from '#process';
import type { Pin } from '#recipe';
import { type Answer, type OriginOf, unavailable } from './answer.ts';
import { prepareLists } from './apt-lists.ts';
import { type AptPrograms, throwWhenFull } from './apt-programs.ts';
import { readSmall, type Small } from './small-file.ts';
import { writeVerified } from './verified-file.ts';

/** The Debian archive, as far as this machine's apt is set up with it. */
export type AptOrigin = {
  fetch(origin: OriginOf<'apt'>, pin: Pin, file: HostPath): Promise<Answer>;
  /** The signature beside the file that `fetch` gave for a pin: many source packages have it. */
  fetchSignature(pin: Pin): Promise<Small>;
};

/** Opens nothing yet: apt is asked when the first source needs it, and its lists are fetched once at most. */
export function openAptOrigin(state: HostPath, apt: AptPrograms): AptOrigin {
  const lists = rememberedLists(state, apt);
  const signatures = new Map<Pin, Listed>();
  return {
    fetch: async (origin, pin, file) => {
      const found = await findFile(origin, pin, lists, apt);
      if (!found.ok) return unavailable(found.problem.message);
      if (found.value.signature !== undefined) signatures.set(pin, found.value.signature);
      // apt's programs write where they like to; only what we have verified ourselves gets the name that counts.
      const downloaded = `${file}.apt`;
      const result = await apt.download(found.value.uri, downloaded, pin.digest);
      throwWhenFull(result);
      if (!result.succeeded) return unavailable(said(result));
      const verdict = await writeVerified(createReadStream(downloaded), file, pin);
      await rm(downloaded);
      return verdict;
    },
    fetchSignature: async (pin) => {
      const listed = signatures.get(pin);
      if (listed === undefined) return { reason: 'the source package has no signature' };
      return downloadSmall(listed, state, apt);
    },
  };
}

/** Downloads a file of a source package that no pin names; apt compares it with what the signed lists say of it. */
async function downloadSmall({ uri, digest }: Listed, state: HostPath, apt: AptPrograms): Promise<Small> {
  const file = join(state, `signature.${digest}`);
  try {
    const result = await apt.download(uri, file, digest);
    throwWhenFull(result);
    return result.succeeded ? { bytes: await readSmall(createReadStream(file)) } : { reason: said(result) };
  } finally {
    await rm(file, { force: true });
  }
}

/** A file of a source package: its address, and its digest as the lists say it. */
type Listed = { readonly uri: string; readonly digest: string };

/** The file that a pin names, and the signature beside it. */
type Found = Listed & { readonly signature?: Listed };

/** The private lists of a run, made when the first who asks needs them. */
export type Lists = {
  /** Lists that may be used: from an earlier run, or fetched. */
  usable(): Promise<Result<{ readonly isFresh: boolean }>>;
  /** Lists that this run has fetched. */
  fresh(): Promise<Result<{ readonly isFresh: boolean }>>;
};

/** However many sources ask at once, each kind of lists is made once in a run. */
export function rememberedLists(state: HostPath, apt: AptPrograms): Lists {
  let usable: ReturnType<typeof prepareLists> | undefined;
  let fresh: ReturnType<typeof prepareLists> | undefined;
  return {
    usable: () => {
      usable ??= prepareLists(state, apt, { mustUpdate: false });
      return usable;
    },
    fresh: () => {
      fresh ??= prepareLists(state, apt, { mustUpdate: true });
      return fresh;
    },
  };
}

/** The address of the pinned bytes. Lists from an earlier run may be too old to know it. */
async function findFile(
  origin: OriginOf<'apt'>,
  pin: Pin,
  lists: Lists,
  apt: AptPrograms,
): Promise<Result<Found>> {
  const usable = await lists.usable();
  if (!usable.ok) return usable;
  const found = await askForFile(origin, pin, apt);
  if (found.ok || usable.value.isFresh) return found;
  const fresh = await lists.fresh();
  return fresh.ok ? askForFile(origin, pin, apt) : fresh;
}

/**
 * The address of the named file; or, when the archive has gone on to another revision of the package, of the same
 * bytes there: a point release leaves upstream's file as it is.
 */
async function askForFile(origin: OriginOf<'apt'>, pin: Pin, apt: AptPrograms): Promise<Result<Found>> {
  const named = await foundIn(origin, apt);
  if (named.ok) return named;
  const shown = await apt.showSource(origin.source);
  const other = shown.succeeded ? findBytes(shown.stdout, pin.digest) : undefined;
  return other === undefined ? named : foundIn({ ...origin, ...other }, apt);
}

async function foundIn(
  { source, version, file }: Pick<OriginOf<'apt'>, 'source' | 'version' | 'file'>,
  apt: AptPrograms,
): Promise<Result<Found>> {
  const result = await apt.printUris([`${source}=${version}`]);
  if (!result.succeeded) return fail(notThere(source, said(result)));
  const listed = readUris(result.stdout);
  const found = listed.get(file);
  if (found === undefined) return fail(notThere(source, `${source} ${version} has no file ${file}`));
  const signature = listed.get(`${file}.asc`);
  return ok({ ...found, ...(signature === undefined ? {} : { signature }) });
}

/** What `apt-get source --print-uris` says of each file: 'URI' FILE SIZE SHA256:DIGEST. */
function readUris(text: string): ReadonlyMap<string, Listed> {
  const lines = text.matchAll(/^'(?<uri>[^']+)' (?<file>\S+) \d+ SHA256:(?<digest>[0-9a-f]+)/gm);
  return new Map(
    [...lines].map(({ groups: { uri = '', file = '', digest = '' } = {} }) => [file, { uri, digest }]),
  );
}

/** The version and the file that have the digest, among the stanzas of `apt-cache showsrc` (deb-src-control(5)). */
function findBytes(
  stanzas: string,
  digest: Digest,
): { readonly version: string; readonly file: string } | undefined {
  for (const stanza of stanzas.split(/\n\s*\n/)) {
    const version = /^Version: (\S+)$/m.exec(stanza)?.[1];
    const file = new RegExp(`^ ${digest} \\d+ (\\S+)$`, 'm').exec(stanza)?.[1];
    if (version !== undefined && file !== undefined) return { version, file };
  }
  return undefined;
}

function notThere(source: string, message: string): Problem {
  return { kind: 'source-unavailable', subject: source, message };
}

/** How a program of apt ended, with what it said of the reason. */
function said(result: ProgramResult): string {
  const reason = result.stderr.split('\n').find((line) => line.startsWith('E: '));
  return reason === undefined ? describeOutcome(result) : reason.slice('E: '.length);
}
