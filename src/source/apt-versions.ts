import { type Digest, fail, ok, parseDigest, type Result } from '#base';
import type { AptPrograms } from './apt-programs.ts';
import { compareVersions, isBeforeRelease } from './compare-versions.ts';
import type { Lists } from './fetch-apt.ts';

/** One version of a source package, with the archive that upstream made. */
export type AptVersion = {
  /** Debian's, with epoch and revision. */
  readonly version: string;
  /** As upstream calls it. */
  readonly upstream: string;
  readonly file: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
};

/** The versions of a source package that the archive has, the newest first. Lists that may be too old are made anew. */
export async function findAptVersions(
  source: string,
  lists: Lists,
  apt: AptPrograms,
): Promise<Result<readonly AptVersion[]>> {
  const usable = await lists.usable();
  if (!usable.ok) return usable;
  const found = await askForVersions(source, apt);
  if (found.length > 0) return ok(found);
  const fresh = usable.value.isFresh ? usable : await lists.fresh();
  if (!fresh.ok) return fresh;
  const foundLater = usable.value.isFresh ? found : await askForVersions(source, apt);
  if (foundLater.length > 0) return ok(foundLater);
  const message = `the archive has no source package ${source} with an archive of upstream's`;
  return fail({ kind: 'source-unavailable', subject: source, message });
}

async function askForVersions(source: string, apt: AptPrograms): Promise<readonly AptVersion[]> {
  const shown = await apt.showSource(source);
  return shown.succeeded ? readAptVersions(shown.stdout) : [];
}

/** The versions among the stanzas of `apt-cache showsrc` (deb-src-control(5)), the newest of upstream's first. */
export function readAptVersions(stanzas: string): readonly AptVersion[] {
  return stanzas
    .split(/\n\s*\n/)
    .flatMap((stanza) => readStanza(stanza) ?? [])
    .toSorted(
      (left, right) =>
        compareVersions(right.upstream, left.upstream) ||
        // Of the same release the oldest revision: suites that change least have it.
        compareVersions(left.version, right.version),
    );
}

/**
 * The version that upstream calls so; without a name all releases, the newest first. What is only announced counts
 * when there is nothing else.
 */
export function findReleases(versions: readonly AptVersion[], upstream?: string): readonly AptVersion[] {
  if (upstream !== undefined) {
    return versions.filter((one) => compareVersions(one.upstream, upstream) === 0).slice(0, 1);
  }
  const released = versions.filter((one) => !isBeforeRelease(one.upstream));
  const wanted = released.length > 0 ? released : versions;
  return wanted.filter((one, index) => one.upstream !== wanted[index - 1]?.upstream);
}

/** The origin that names this version and file. */
export function aptOriginText(
  source: string,
  { version, file }: Pick<AptVersion, 'version' | 'file'>,
): string {
  return `apt:${source}=${version}/${file}`;
}

function readStanza(stanza: string): AptVersion | undefined {
  const version = /^Version: (\S+)$/m.exec(stanza)?.[1];
  const checksums = /^Checksums-Sha256:[^\n]*\n((?: .*(?:\n|$))+)/m.exec(stanza)?.[1];
  if (version === undefined || checksums === undefined) return undefined;
  // A package without a revision has no .orig file: its one archive is upstream's (Debian Policy §5.6.12).
  const isUpstreams = /^[^_]+_(?!.*\.orig-|.*\.debian\.).+\.tar\.[a-z0-9]+$/;
  for (const line of checksums.split('\n')) {
    const [digestText = '', size = '', file = ''] = line.trim().split(/\s+/);
    const digest = parseDigest(`sha256:${digestText}`);
    if (digest === undefined || !isUpstreams.test(file)) continue;
    return { version, upstream: upstreamOf(version), file, digest, sizeBytes: Number(size) };
  }
  return undefined;
}

/**
 * Without epoch, revision, and what says that Debian has packed the archive anew: `6.3.0` of `2:6.3.0+dfsg-3`. After a
 * version that was taken back, the one that it really is: `668` of `710+really668-1`.
 */
export function upstreamOf(version: string): string {
  return version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/^.*\+really/, '')
    .replace(/[+~.](?:dfsg|ds|repack)[\w.~]*$/, '');
}
