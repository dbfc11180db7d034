import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, ok, type Problem, type Result } from '#base';
import { describeOutcome, type ProgramResult, runProgram } from '#process';
import { DEFAULT_SOURCE_DATE_EPOCH, SANDBOX_PATHS } from '#recipe';
import { type SandboxHost, sandboxArgv } from '#sandbox';
import { unpackSources } from '#source';
import { removeTree, type Store } from '#store';
import { giveToBuildUser } from './build-user.ts';
import { openEnclosure } from './enclosure.ts';
import { type BuildLimits, defaultLimits } from './limits.ts';
import { JUDGE_NODE, judgeWithin, placeJudge } from './unpack-part.ts';

/** What lies in a source, as far as a recipe for it depends on that. */
export type SourceLook = {
  /** Files and folders of the top folder. */
  readonly names: readonly string[];
  /** What licence files and build files of the top folder say, by name; long ones up to a limit. */
  readonly texts: ReadonlyMap<string, string>;
  /** C files that speak of the GPL. */
  readonly gplFiles: readonly string[];
  /** Those of them that allow later versions. */
  readonly laterFiles: readonly string[];
};

/** An archive that was verified, and is in the store. */
export type ArchiveToLookInto = {
  readonly name: string;
  readonly path: HostPath;
  readonly archive: string;
  readonly member?: string | undefined;
};

/** Enough for a compiler's sources, and for nothing that has gone wild. */
const LIMITS: BuildLimits = {
  ...defaultLimits(),
  timeMs: 10 * 60_000,
  processes: 64,
  fileBytes: 2 * 1024 ** 3,
};

/** grep ends with 1 when it found nothing, which is no failure. */
const LOOK = `
cd ${SANDBOX_PATHS.source}
mkdir ${SANDBOX_PATHS.out}/texts
find . -mindepth 1 -maxdepth 1 -regextype posix-extended -regex './[A-Za-z0-9._+-]+' -printf '%f\\n' > ${SANDBOX_PATHS.out}/names
find . -maxdepth 1 -type f -regextype posix-extended \\
  -iregex './((COPYING|LICEN[CS]E)([.-][A-Za-z0-9._-]+)?|(GNU)?makefile|configure\\.(ac|in)|meson\\.build|CMakeLists\\.txt)' \\
  -printf '%f\\n' > ${SANDBOX_PATHS.work}/wanted
while read -r name; do head -c 262144 "./$name" > "${SANDBOX_PATHS.out}/texts/$name"; done < ${SANDBOX_PATHS.work}/wanted
none() { if [ "$1" -gt 1 ]; then exit "$1"; fi; }
gpl='General Public License|GPLv[23]'
later='any later version|GPLv[23](\\.[0-9])?\\+|GPL-[23]\\.[0-9]-or-later'
grep -rlIE --include='*.[ch]' "$gpl" . > ${SANDBOX_PATHS.out}/gpl || none $?
grep -rlIE --include='*.[ch]' "$later" . > ${SANDBOX_PATHS.out}/later || none $?
`;

/** Unpacks a source as builds do, in a sandbox and within limits, and tells what lies in it. Nothing of it is run. */
export async function lookIntoSource(
  source: ArchiveToLookInto,
  options: { readonly store: Store; readonly host: SandboxHost; readonly signal: AbortSignal },
): Promise<Result<SourceLook>> {
  const root = await options.store.stagingFolder();
  try {
    const [work, out, layers] = [join(root, 'work'), join(root, 'out'), join(root, 'layers')];
    for (const folder of [join(work, 'source'), out, layers]) await mkdir(folder, { recursive: true });
    const archive = `${SANDBOX_PATHS.work}/archives/0/${source.archive}`;
    await writeFile(join(work, 'look.sh'), `set -eu -o pipefail\n${scriptFor(source, archive)}`);
    await placeJudge(work);
    await giveToBuildUser([work, out], options.host);
    await using enclosure = await openEnclosure(source.name, { root, log: root }, { limits: LIMITS });
    const sandbox = {
      kind: 'cross',
      layerCount: 0,
      layersFolder: layers,
      workFolder: work,
      outFolder: out,
      readOnly: [{ source: source.path, path: archive }, JUDGE_NODE],
      env: {
        PATH: '/usr/bin:/usr/sbin',
        LC_ALL: 'C.UTF-8',
        SOURCE_DATE_EPOCH: String(DEFAULT_SOURCE_DATE_EPOCH),
      },
      command: ['bash', `${SANDBOX_PATHS.work}/look.sh`],
      limits: enclosure.sandboxLimits,
    } as const;
    const result = await runProgram({
      argv: sandboxArgv(sandbox, options.host),
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      signal: AbortSignal.any([options.signal, enclosure.signal]),
      timeLimitMs: enclosure.timeLeftMs(),
      dieWithUs: true,
    });
    if (!result.succeeded) {
      const exceeded = await enclosure.exceeded(result, 'unpack');
      return fail(exceeded ?? notUnpacked(source, result));
    }
    return ok(await readLook(out));
  } finally {
    await removeTree(root);
  }
}

function notUnpacked({ name, archive }: ArchiveToLookInto, result: ProgramResult): Problem {
  return {
    kind: 'phase-failed',
    subject: name,
    message: `${archive} of ${name} cannot be unpacked: ${describeOutcome(result)}`,
    details: result.stderr.trimEnd().split('\n').slice(-10),
    hint: 'Is it an archive of sources, in a form that tar reads?',
  };
}

function scriptFor({ member }: ArchiveToLookInto, archive: string): string {
  const source = { archive, folder: SANDBOX_PATHS.source, patches: [] };
  const unpacked = [{ ...source, ...(member === undefined ? {} : { member }) }];
  return `${unpackSources(unpacked, SANDBOX_PATHS.source, judgeWithin(LIMITS))}\n${LOOK}`;
}

async function readLook(out: HostPath): Promise<SourceLook> {
  const lines = async (name: string): Promise<string[]> =>
    (await readFile(join(out, name), 'utf8')).split('\n').filter((line) => line !== '');
  const texts = new Map<string, string>();
  for (const name of (await readdir(join(out, 'texts'))).toSorted()) {
    texts.set(name, await readFile(join(out, 'texts', name), 'utf8'));
  }
  return {
    names: (await lines('names')).toSorted(),
    texts,
    gplFiles: await lines('gpl'),
    laterFiles: await lines('later'),
  };
}
