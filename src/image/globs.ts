import type { TargetPath } from '#base';

/**
 * Whether a path is taken out by one of the globs: `*` and `?` stay within one name, `**` goes through folders.
 * A glob that matches a directory takes out what is in it, too.
 */
export function matcherOf(globs: readonly string[]): (path: TargetPath) => boolean {
  if (globs.length === 0) return () => false;
  const expression = new RegExp(`^(?:${globs.map(expressionOf).join('|')})(?:/.*)?$`, 's');
  return (path) => expression.test(path);
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
