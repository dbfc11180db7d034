/** A file of a source archive that holds a licence, and what it is called among the licences of the package. */
export type LicenceText = { readonly path: string; readonly name: string };

/** What the listing of an archive says of one of its files. */
type Listed = { readonly path: string; readonly sizeBytes: number };

/** By name: COPYING.LIB, LICENSE-MIT, Licence.txt, Copyright, NOTICE. Of gnulib, COPYINGv2. */
const TEXT_NAME =
  /^(?:copying|licen[cs]es?|unlicense|copyright|notice|artistic)(?:v\d+)?(?:[._-][a-z0-9._+-]*)?$/i;
/** A program or a page with such a name is none. */
const OTHER_KIND =
  /\.(?:[ch]|cc|cpp|hh?|py|pl|pm|sh|js|ts|rs|go|java|el|m4|in|am|ac|mk|cmake|xml|po|pot|patch|diff)$/i;
/** Folders of texts, as REUSE and Linux have them. */
const TEXT_FOLDER = /^licen[cs]es$/i;

/** Below the top folder; deeper lie the licences of bundled things that are tests or examples as a rule. */
const MOST_FOLDERS = 2;
/** The longest licence has some 60 KB; a list of copyrights can be longer. */
const MOST_BYTES = 1024 * 1024;
const MOST_TEXTS = 100;

/** A name that means the same on every file system, and that no two paths share once they are joined by `--`. */
const PLAIN_PART = /^(?!\.)[A-Za-z0-9_.+@]+(?:-[A-Za-z0-9_.+@]+)*$/;

/** The licence texts among the files of an archive, in the order of their paths. */
export function chooseLicenceTexts(files: readonly Listed[]): readonly LicenceText[] {
  const times = new Map<string, number>();
  for (const { path } of files) times.set(path, (times.get(path) ?? 0) + 1);
  const texts = files
    // What is in an archive twice could be either.
    .filter(({ path, sizeBytes }) => sizeBytes > 0 && sizeBytes <= MOST_BYTES && times.get(path) === 1)
    .flatMap(({ path }) => textAt(path) ?? [])
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const seen = new Set<string>();
  const distinct = texts.filter(({ name }) => !seen.has(name) && seen.add(name));
  return distinct.slice(0, MOST_TEXTS);
}

function textAt(path: string): LicenceText | undefined {
  const parts = path.replace(/^\.\//, '').split('/');
  if (!parts.every((part) => PLAIN_PART.test(part))) return undefined;
  // Most archives hold one top folder; some (tzdata) have none.
  const [file = '', ...folders] = parts.toReversed();
  const below = folders.length === 0 ? [] : folders.toReversed().slice(1);
  const isInFolder = below.length > 0 && TEXT_FOLDER.test(below[0] ?? '');
  if (below.length > MOST_FOLDERS) return undefined;
  if (!isInFolder && (!TEXT_NAME.test(file) || OTHER_KIND.test(file))) return undefined;
  return { path, name: [...below, file].join('--') };
}
