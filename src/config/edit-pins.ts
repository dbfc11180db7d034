import type { Digest } from '#base';

/** What a line of packages.list is to say. */
export type PinWords = {
  readonly name: string;
  readonly version: string;
  /** The origin as it is written. */
  readonly origin: string;
  readonly digest: Digest;
  /** Undefined where it is not known. */
  readonly sizeBytes: number | undefined;
};

/** A change of a list: new words for a line, a line that goes, or one that comes. */
export type PinEdit =
  | { readonly kind: 'replace'; readonly line: number; readonly words: PinWords }
  | { readonly kind: 'drop'; readonly line: number }
  | { readonly kind: 'add'; readonly words: PinWords };

/** What stands above the first line of a new list. */
const HEADING = '# One source a line: name version origin sha256:DIGEST bytes\n\n';

/** A line of packages.list. */
export function pinText({ name, version, origin, digest, sizeBytes }: PinWords): string {
  return `${name} ${version} ${origin} sha256:${digest} ${sizeBytes ?? '-'}`;
}

/**
 * The text of a list with its changes; all other lines stay as they are, and a line with other words keeps the room
 * between them. A line that comes stands after the last of its name, else at the end.
 */
export function editPins(text: string, edits: readonly PinEdit[]): string {
  const lines: (string | undefined)[] = (text === '' ? HEADING : text).split('\n');
  const added = edits.flatMap((edit) => (edit.kind === 'add' ? [edit.words] : []));
  const last = added[0] === undefined ? undefined : lastLineOf(added[0].name, lines);
  for (const edit of edits) {
    if (edit.kind === 'drop') lines[edit.line - 1] = undefined;
    if (edit.kind === 'replace') lines[edit.line - 1] = inPlace(lines[edit.line - 1] ?? '', edit.words);
  }
  const end = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  lines.splice(last ?? end, 0, ...added.map(pinText));
  const edited = lines.filter((line) => line !== undefined).join('\n');
  return edited.endsWith('\n') ? edited : `${edited}\n`;
}

/** After which line of a list the last of a name stands. */
function lastLineOf(name: string, lines: readonly (string | undefined)[]): number | undefined {
  const index = lines.findLastIndex((line) => line?.trim().split(/\s+/)[0] === name);
  return index === -1 ? undefined : index + 1;
}

/** The line with other words. One of the old form has fewer, and gets the last ones at its end. */
function inPlace(line: string, words: PinWords): string {
  const left = pinText(words).split(' ');
  const replaced = line.replaceAll(/\S+/g, () => left.shift() ?? '').trimEnd();
  return [replaced, ...left].join(' ');
}
