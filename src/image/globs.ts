import type { TargetPath } from '#base';

/**
 * Whether a path is taken out by one of the globs: `*` and `?` stay within one name, `**` goes through folders.
 * A glob that matches a directory takes out what is in it, too. What a glob behind a `!` matches stays, whatever the
 * others say, with the folders above it: `/usr/share/terminfo` without all but `!/usr/share/terminfo/l/linux`.
 */
export function matcherOf(globs: readonly string[]): (path: TargetPath) => boolean {
  const kept = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  const isOut = below(globs.filter((glob) => !glob.startsWith('!')));
  const isKept = below(kept);
  const leadsToKept = exactly(kept.flatMap(foldersAbove));
  return (path) => isOut(path) && !isKept(path) && !leadsToKept(path);
}

type Matcher = (path: TargetPath) => boolean;

/** What matches a glob, and what lies below it. */
function below(globs: readonly string[]): Matcher {
  return matching(globs, '(?:/.*)?');
}

function exactly(globs: readonly string[]): Matcher {
  return matching(globs, '');
}

function matching(globs: readonly string[], rest: string): Matcher {
  if (globs.length === 0) return () => false;
  const expression = new RegExp(`^(?:${globs.map(expressionOf).join('|')})${rest}$`, 's');
  return (path) => expression.test(path);
}

/** The glob without its last names, one by one. */
function foldersAbove(glob: string): string[] {
  const names = glob.split('/');
  return names.map((_name, at) => names.slice(0, at).join('/')).filter((folder) => folder !== '');
}

function expressionOf(glob: string): string {
  return glob.replaceAll(/\*\*\/|\*\*|\*|\?|[\\^$.|+()[\]{}]/g, (found) => {
    switch (found) {
      case '**/':
        return '(?:[^/]+/)*';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      default:
        return `\\${found}`;
    }
  });
}
