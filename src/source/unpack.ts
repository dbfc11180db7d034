import type { SandboxPath } from '#base';
import { quoteWord } from '#process';

/** A verified archive, and where it goes; all paths as the sandbox sees them. */
export type UnpackSource = {
  readonly archive: SandboxPath;
  readonly folder: SandboxPath;
  /** The archive inside the archive that is meant. */
  readonly member?: string;
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
 * Shell text that unpacks one archive by GNU tar and patches it. The archive is trusted as far as its digest goes;
 * names that lead out of the folder are refused all the same, since nobody reads 90,000 names before pinning.
 */
export function unpackScript({ archive, folder, member, patches }: UnpackSource): string {
  const target = quoteWord(folder);
  const inner = quoteWord(`${folder}.archive`);
  const lines = [`mkdir -p ${target}`];
  if (member === undefined) lines.push(...extract(quoteWord(archive), target));
  else {
    lines.push(`tar -xf ${quoteWord(archive)} --to-stdout -- ${quoteWord(member)} > ${inner}`);
    lines.push(...extract(inner, target), `rm ${inner}`);
  }
  for (const patch of patches) {
    lines.push(
      // A patch that only nearly fits is applied, but leaves no .orig file in the tree.
      `patch -p1 --forward --batch --no-backup-if-mismatch -d ${target} -i ${quoteWord(patch)}`,
    );
  }
  return lines.join('\n');
}

function extract(archive: string, folder: string): string[] {
  return [
    `strip=$(tar -tf ${archive} --quoting-style=escape | awk ${quoteWord(COUNT_TOP_FOLDERS)})`,
    // Plain modes under the umask: as uid 0 tar would also restore setuid bits and odd owners.
    `tar -xf ${archive} -C ${folder} --strip-components="$strip" --no-same-owner --no-same-permissions`,
  ];
}

/**
 * How many leading folders all names share and can lose: 1 for `grep-3.11/…`, 2 for `./grep-3.11/…`, else 0.
 * GNU tar itself only warns about an absolute name and goes on, and skips `..`: here both stop the build.
 */
const COUNT_TOP_FOLDERS = `
  /^\\// || /(^|\\/)\\.\\.(\\/|$)/ { print "refused: the archive has the name " $0 > "/dev/stderr"; bad = 1; exit }
  {
    name = $0
    dotted = sub(/^\\.\\//, "", name)
    if (name == "" || name == ".") next
    names += 1
    dots += dotted
    if (name ~ /\\//) folders = 1
    sub(/\\/.*/, "", name)
    if (!(name in tops)) { tops[name] = 1; count += 1 }
  }
  END {
    if (bad) exit 1
    if (names == 0) { print "refused: the archive is empty" > "/dev/stderr"; exit 1 }
    if (count != 1 || !folders || (dots > 0 && dots < names)) print 0
    else print (dots > 0) ? 2 : 1
  }
`;
