import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type Digest, fail, type HostPath, ok, type Problem, type Result } from '#base';
import { describeOutcome, type ProgramResult } from '#process';
import type { Pin } from '#recipe';
import { type Answer, type OriginOf, unavailable } from './answer.ts';
import { prepareLists } from './apt-lists.ts';
import { type AptPrograms, throwWhenFull } from './apt-programs.ts';
import { writeVerified } from './verified-file.ts';

/** The Debian archive, as far as this machine's apt is set up with it. */
export type AptOrigin = {
  fetch(origin: OriginOf<'apt'>, pin: Pin, file: HostPath): Promise<Answer>;
};

/** Opens nothing yet: apt is asked when the first source needs it, and its lists are fetched once at most. */
export function openAptOrigin(state: HostPath, apt: AptPrograms): AptOrigin {
  const lists = rememberedLists(state, apt);
  return {
    fetch: async (origin, pin, file) => {
      const uri = await findUri(origin, pin, lists, apt);
      if (!uri.ok) return unavailable(uri.problem.message);
      // apt's programs write where they like to; only what we have verified ourselves gets the name that counts.
      const downloaded = `${file}.apt`;
      const result = await apt.download(uri.value, downloaded, pin.digest);
      throwWhenFull(result);
      if (!result.succeeded) return unavailable(said(result));
      const verdict = await writeVerified(createReadStream(downloaded), file, pin);
      await rm(downloaded);
      return verdict;
    },
  };
}

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
async function findUri(
  origin: OriginOf<'apt'>,
  pin: Pin,
  lists: Lists,
  apt: AptPrograms,
): Promise<Result<string>> {
  const usable = await lists.usable();
  if (!usable.ok) return usable;
  const found = await askForUri(origin, pin, apt);
  if (found.ok || usable.value.isFresh) return found;
  const fresh = await lists.fresh();
  return fresh.ok ? askForUri(origin, pin, apt) : fresh;
}

/**
 * The address of the named file; or, when the archive has gone on to another revision of the package, of the same
 * bytes there: a point release leaves upstream's file as it is.
 */
async function askForUri(origin: OriginOf<'apt'>, pin: Pin, apt: AptPrograms): Promise<Result<string>> {
  const named = await uriOf(origin, apt);
  if (named.ok) return named;
  const shown = await apt.showSource(origin.source);
  const other = shown.succeeded ? findBytes(shown.stdout, pin.digest) : undefined;
  return other === undefined ? named : uriOf({ ...origin, ...other }, apt);
}

async function uriOf(
  { source, version, file }: Pick<OriginOf<'apt'>, 'source' | 'version' | 'file'>,
  apt: AptPrograms,
): Promise<Result<string>> {
  const result = await apt.printUris([`${source}=${version}`]);
  if (!result.succeeded) return fail(notThere(source, said(result)));
  for (const line of result.stdout.split('\n')) {
    // 'URI' FILE SIZE SHA256:DIGEST
    const [, uri, name] = /^'([^']+)' (\S+) \d+ /.exec(line) ?? [];
    if (uri !== undefined && name === file) return ok(uri);
  }
  return fail(notThere(source, `${source} ${version} has no file ${file}`));
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
