import type { SandboxPath } from '#base';
import { quoteWord } from '#process';

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

/** Shell text that unpacks sources into one tree, the first first, and gives every file the time of the build. */
export function unpackSources(sources: readonly UnpackSource[], tree: SandboxPath): string {
  // Equal times: nothing looks newer than what it was made from, so that no autotools are run again.
  const settle = `find ${quoteWord(tree)} -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +`;
  return [...sources.map(unpackScript), settle].join('\n');
}

/**
 * Shell text that unpacks one archive by GNU tar and patches it. tar itself keeps every name inside the folder:
 * it ends with 2 on `..`, and takes the slash off an absolute name.
 */
export function unpackScript({ archive, folder, member, leaveOut, patches }: UnpackSource): string {
  const inner = `${folder}.archive`;
  const nested =
    member === undefined
      ? []
      : [`tar -xf ${quoteWord(archive)} -O -- ${quoteWord(member)} > ${quoteWord(inner)}`];
  return [
    `mkdir -p ${quoteWord(folder)}`,
    ...nested,
    ...extract(member === undefined ? archive : inner, folder, leaveOut),
    ...(member === undefined ? [] : [`rm ${quoteWord(inner)}`]),
    ...patches.map((patch) => applyPatch(patch, folder)),
  ].join('\n');
}

/** Most archives hold one top folder, which goes away; some (tzdata) have none. */
function extract(archive: SandboxPath, folder: SandboxPath, leaveOut: readonly string[] = []): string[] {
  const unpacked = quoteWord(`${folder}.unpacked`);
  return [
    `mkdir ${unpacked}`,
    // Plain modes under the umask: as uid 0 tar would also restore setuid bits and odd owners.
    `tar -xf ${quoteWord(archive)} -C ${unpacked} --no-same-owner --no-same-permissions${exclude(leaveOut)}`,
    // Looking at what came out is much cheaper than listing first, which would decompress twice.
    `top=$(find ${unpacked} -mindepth 1 -maxdepth 1)`,
    'if [ -z "$top" ]; then echo "The archive is empty" >&2; exit 1; fi',
    `if [ ! -d "$top" ] || [ -L "$top" ]; then top=${unpacked}; fi`,
    `find "$top" -mindepth 1 -maxdepth 1 -exec mv -t ${quoteWord(folder)} {} +`,
    `rm -r ${unpacked}`,
  ];
}

/** Words for tar. The first `*` stands for the top folder, which may lie behind `./`; none matches a slash. */
function exclude(leaveOut: readonly string[]): string {
  if (leaveOut.length === 0) return '';
  const globs = leaveOut.flatMap((glob) => [`*/${glob}`, `./*/${glob}`]);
  const words = globs.map((glob) => quoteWord(`--exclude=${glob}`));
  return ` --anchored --no-wildcards-match-slash ${words.join(' ')}`;
}

/** A patch that only nearly fits is applied, but leaves no .orig file in the tree. */
function applyPatch(patch: SandboxPath, folder: SandboxPath): string {
  return `patch -p1 --forward --batch --no-backup-if-mismatch -d ${quoteWord(folder)} -i ${quoteWord(patch)}`;
}
