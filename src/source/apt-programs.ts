import { join } from 'node:path';
import type { HostPath } from '#base';
import { type ProgramResult, runProgram } from '#process';

/** Longest time for one call of apt's programs that only reads. */
const READ_TIMEOUT_MS = 60_000;
/** Longest time to fetch lists (40 MB) or one file. */
const NETWORK_TIMEOUT_MS = 30 * 60_000;

const HELPER = '/usr/lib/apt/apt-helper';

/** apt's own programs, on a private state folder; the machine's apt is left as it is. */
export type AptPrograms = {
  /** Where the machine's apt keeps its entries: a list, and a folder of lists. Undefined without apt. */
  entryPlaces(): Promise<{ readonly list: HostPath; readonly parts: HostPath } | undefined>;
  update(): Promise<ProgramResult>;
  printUris(requests: readonly string[]): Promise<ProgramResult>;
  /** What the lists say of a source package: a stanza for each version. */
  showSource(source: string): Promise<ProgramResult>;
  download(uri: string, file: HostPath, digest: string): Promise<ProgramResult>;
};

/** The programs of this machine. */
export function openApt(state: HostPath, environment: NodeJS.ProcessEnv, signal?: AbortSignal): AptPrograms {
  const settings = [
    `Dir::Etc::SourceList=${listPath(state)}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${join(state, 'lists')}`,
    `Dir::Cache=${join(state, 'cache')}`,
    // The folder belongs to who runs us and is closed to apt's download user, which apt would warn about each time.
    ...(process.getuid?.() === 0 ? ['APT::Sandbox::User=root'] : []),
  ].flatMap((setting) => ['-o', setting]);
  const env = aptEnvironment(environment);
  const run = (argv: readonly string[], timeLimitMs: number): Promise<ProgramResult> =>
    runProgram({ argv, env, timeLimitMs, ...(signal === undefined ? {} : { signal }) });

  return {
    entryPlaces: async () => {
      const words = ['LIST', 'Dir::Etc::sourcelist/f', 'PARTS', 'Dir::Etc::sourceparts/d'];
      const result = await run(['apt-config', 'shell', ...words], READ_TIMEOUT_MS);
      const list = /^LIST='(.+)'$/m.exec(result.stdout)?.[1];
      const parts = /^PARTS='(.+)'$/m.exec(result.stdout)?.[1];
      return result.succeeded && list !== undefined && parts !== undefined ? { list, parts } : undefined;
    },
    update: () => run(['apt-get', ...settings, 'update'], NETWORK_TIMEOUT_MS),
    printUris: (requests) =>
      run(['apt-get', ...settings, 'source', '--print-uris', ...requests], READ_TIMEOUT_MS),
    showSource: (source) =>
      run(['apt-cache', ...settings, 'showsrc', '--only-source', source], READ_TIMEOUT_MS),
    download: (uri, file, digest) =>
      run([HELPER, ...settings, 'download-file', uri, file, `SHA256:${digest}`], NETWORK_TIMEOUT_MS),
  };
}

/**
 * Throws what a write of our own would throw on a full disk, when that is what a program of apt ended with: no origin
 * is to blame for it.
 */
export function throwWhenFull({ succeeded, stderr, commandLine }: ProgramResult): void {
  // As the C library words it in the locale that they run in.
  if (succeeded || !stderr.includes('No space left on device')) return;
  const error = new Error(`ENOSPC: no space left on device, ${commandLine}`);
  throw Object.assign(error, { code: 'ENOSPC' });
}

/** The private list of a state folder. */
export function listPath(state: HostPath): HostPath {
  return join(state, 'sources.list');
}

/** What apt's programs may know of our environment: where programs are, and the proxies. */
function aptEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && /^(PATH|HOME|APT_CONFIG|(https?|ftp|all|no)_proxy)$/i.test(entry[0]),
  );
  return { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...Object.fromEntries(kept), LC_ALL: 'C' };
}
