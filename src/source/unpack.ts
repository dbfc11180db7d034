import { join, posix } from 'node:path';
import type { HostPath, SandboxPath } from '#base';
import { quoteWord } from '#process';
import type { ArchiveLimits } from './archive/judge-archive.ts';

/** A verified archive, and where it goes; all paths as the sandbox sees them. */
export type UnpackSource = {
  readonly archive: SandboxPath;
  readonly folder: SandboxPath;
  /** The archive inside the archive that is meant. */
  readonly member?: string;
  /** What stays in the archive: globs over paths below its top folder. */
  readonly leaveOut?: readonly string[];
  /** Patches, in the order in which they are applied. */
  readonly patches: readonly SandboxPath[];
};

/** What judges archives in the sandbox. */
export type Judge = {
  /** Node, and a copy of the folder with the judge. */
  readonly node: SandboxPath;
  readonly folder: SandboxPath;
  readonly limits: JudgeLimits;
};

/** What any archive may hold at most: bytes when it is unpacked, and files, folders and links. */
export type JudgeLimits = Pick<ArchiveLimits, 'bytes' | 'entries'>;

/** The folder with the judge. It stands by itself: Node runs a copy of it wherever that lies. */
export const JUDGE_FOLDER: HostPath = join(import.meta.dirname, 'archive');

/** Linux has 12 folders in folders. A path has to fit behind that of any store, into 4096 bytes (PATH_MAX). */
const NAME_LIMITS: Pick<ArchiveLimits, 'pathBytes' | 'depth'> = { pathBytes: 3072, depth: 100 };

/** Shell text that unpacks sources into one tree, the first first, and gives every file the time of the build. */
export function unpackSources(sources: readonly UnpackSource[], tree: SandboxPath, judge: Judge): string {
  // Equal times: nothing looks newer than what it was made from, so that no autotools are run again.
  const settle = `find ${quoteWord(tree)} -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +`;
  return [DECOMPRESS, ...sources.map((source) => unpackScript(source, judge)), settle].join('\n');
}

/**
 * Prints what is in a compressed file, which is known by how it begins. Releases take 64 MiB of memory to decompress;
 * a file can ask for 4 GiB.
 */
const DECOMPRESS = `decompress() {
  case $(head -c 6 "$1" | od -A n -t x1 | tr -d ' ') in
    1f8b* | 1f9d*) gzip -dc < "$1" ;;
    425a68*) bzip2 -dc < "$1" ;;
    fd377a585a00 | 5d0000*) xz -dc --memlimit-decompress=1GiB < "$1" ;;
    28b52ffd*) zstd -dcq < "$1" ;;
    4c5a4950*) lzip -dc < "$1" ;;
    *) cat "$1" ;;
  esac
}`;

/** Shell text that unpacks one archive, as the judge writes it anew for GNU tar, and patches it. */
function unpackScript(source: UnpackSource, judge: Judge): string {
  const { archive, folder, member, leaveOut, patches } = source;
  const inner = `${folder}.archive`;
  const name = posix.basename(archive);
  const nested =
    member === undefined
      ? []
      : [
          `${judged(archive, name, judge)} | tar -xf - -O -- ${quoteWord(posix.normalize(member))} > ${quoteWord(inner)}`,
        ];
  const pipe =
    member === undefined ? judged(archive, name, judge) : judged(inner, `${member} in ${name}`, judge);
  return [
    `mkdir -p ${quoteWord(folder)}`,
    ...nested,
    ...extract(pipe, folder, leaveOut),
    ...(member === undefined ? [] : [`rm ${quoteWord(inner)}`]),
    ...patches.map((patch) => applyPatch(patch, folder)),
  ].join('\n');
}

/** A pipe out of which comes what the judge lets through; where it refuses an archive, the pipe fails. */
function judged(archive: SandboxPath, name: string, { node, folder, limits }: Judge): string {
  const program = [node, `${folder}/program.ts`, name, JSON.stringify({ ...limits, ...NAME_LIMITS })];
  return `decompress ${quoteWord(archive)} | ${program.map(quoteWord).join(' ')}`;
}

/** Most archives hold one top folder, which goes away; some (tzdata) have none. */
function extract(pipe: string, folder: SandboxPath, leaveOut: readonly string[] = []): string[] {
  const unpacked = quoteWord(`${folder}.unpacked`);
  return [
    `mkdir ${unpacked}`,
    // Plain modes under the umask, and times are given later.
    `${pipe} | tar -xf - -C ${unpacked} --no-same-owner --no-same-permissions --touch${exclude(leaveOut)}`,
    // What tar left out is not here, so only looking tells what lies on top.
    `top=$(find ${unpacked} -mindepth 1 -maxdepth 1)`,
    'if [ -z "$top" ]; then echo "The archive is empty" >&2; exit 1; fi',
    `if [ ! -d "$top" ] || [ -L "$top" ]; then top=${unpacked}; fi`,
    `find "$top" -mindepth 1 -maxdepth 1 -exec mv -t ${quoteWord(folder)} {} +`,
    `rm -r ${unpacked}`,
  ];
}

/** Words for tar. The first `*` stands for the top folder; none matches a slash. */
function exclude(leaveOut: readonly string[]): string {
  if (leaveOut.length === 0) return '';
  const words = leaveOut.map((glob) => quoteWord(`--exclude=*/${glob}`));
  return ` --anchored --no-wildcards-match-slash ${words.join(' ')}`;
}

/** A patch that only nearly fits is applied, but leaves no .orig file in the tree. */
function applyPatch(patch: SandboxPath, folder: SandboxPath): string {
  return `patch -p1 --forward --batch --no-backup-if-mismatch -d ${quoteWord(folder)} -i ${quoteWord(patch)}`;
}
