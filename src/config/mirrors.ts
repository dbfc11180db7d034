import { fail, ok, type Result } from '#base';
import { listLines } from './list-lines.ts';

/** The addresses behind mirror://NAME/…, by name; each ends in `/`. */
export type MirrorLists = ReadonlyMap<string, readonly string[]>;

/** Reads a mirrors.list: `NAME https://HOST/PATH/`, one address a line. */
export function readMirrors(text: string, place: string): Result<MirrorLists> {
  const lists = new Map<string, string[]>();
  for (const { line, words } of listLines(text)) {
    const [name = '', address = ''] = words;
    if (words.length !== 2 || !isAddress(address)) {
      return fail({
        kind: 'bad-pin',
        subject: name,
        message: `Not a mirror: ${words.join(' ')}; expected a name and https://HOST/PATH/ with / at its end`,
        place: `${place}:${line}`,
      });
    }
    lists.set(name, [...(lists.get(name) ?? []), address]);
  }
  return ok(lists);
}

/** The lists with those of an overlay above them: a name in the overlay takes the place of the whole list. */
export function overlayMirrors(below: MirrorLists, above: MirrorLists): MirrorLists {
  return new Map([...below, ...above]);
}

function isAddress(text: string): boolean {
  return text.startsWith('https://') && text.endsWith('/') && URL.canParse(text);
}
