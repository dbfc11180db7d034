/** Where the machine's apt finds the Debian archive. */
export type AptArchive = {
  readonly uri: string;
  /** The key file that the machine's own entry names. */
  readonly signedBy?: string;
};

/** The suites that pins may come from. */
const SUITES = ['bookworm', 'trixie', 'sid'];

/** Suites of the main archive itself: codenames and their aliases, without -security, -updates, -backports. */
const MAIN_SUITES =
  /^(bullseye|bookworm|trixie|forky|duke|sid|oldoldstable|oldstable|stable|testing|unstable)$/;

type Entry = {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy?: string;
};

/**
 * The Debian archive among the entries of apt's configuration: the first with a plain suite, the component main,
 * and an address whose last folder is `debian`, as every mirror of Debian has it. Others use the same suites.
 */
export function findArchive(
  files: readonly { readonly name: string; readonly text: string }[],
): AptArchive | undefined {
  for (const { name, text } of files) {
    for (const entry of name.endsWith('.sources') ? readStanzas(text) : readLines(text)) {
      const uri = entry.uris.find((address) => /^https?:\/\/\S+\/debian\/?$/.test(address));
      const isMain =
        entry.suites.some((suite) => MAIN_SUITES.test(suite)) && entry.components.includes('main');
      if (uri !== undefined && isMain) {
        return { uri, ...(entry.signedBy === undefined ? {} : { signedBy: entry.signedBy }) };
      }
    }
  }
  return undefined;
}

/** The private list: the sources of every suite that pins may come from, at the machine's own address. */
export function privateList({ uri, signedBy }: AptArchive): string {
  const options = signedBy === undefined ? '' : `[signed-by=${signedBy}] `;
  return SUITES.map((suite) => `deb-src ${options}${uri} ${suite} main\n`).join('');
}

/** sources.list(5), the one-line style: `deb [option=value …] uri suite component…`. */
function readLines(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb(?:-src)?\s+(?:\[(?<options>[^\]]*)\]\s*)?(?<rest>[^#]*)/.exec(line);
    const { options = '', rest = '' } = match?.groups ?? {};
    const [uri, suite, ...components] = words(rest);
    if (uri === undefined || suite === undefined) return [];
    const signedBy = /(?:^|\s)signed-by=(\/[^\s,]+)(?:\s|$)/.exec(options)?.[1];
    return [{ uris: [uri], suites: [suite], components, ...(signedBy === undefined ? {} : { signedBy }) }];
  });
}

/** sources.list(5), the deb822 style: stanzas of fields, continued by lines that begin with white space. */
function readStanzas(text: string): Entry[] {
  const withoutComments = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  return withoutComments.split(/\n[ \t]*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    for (const field of stanza.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
      const colon = field.indexOf(':');
      if (colon > 0) fields.set(field.slice(0, colon).trim().toLowerCase(), field.slice(colon + 1).trim());
    }
    if (/^(no|false|0|off|disable)$/.test(fields.get('enabled') ?? 'yes')) return [];
    const signedBy = fields.get('signed-by') ?? '';
    return [
      {
        uris: words(fields.get('uris') ?? ''),
        suites: words(fields.get('suites') ?? ''),
        components: words(fields.get('components') ?? ''),
        // It may also hold fingerprints or a whole key; then apt's own trusted keys have to do.
        ...(/^\/\S+$/.test(signedBy) ? { signedBy } : {}),
      },
    ];
  });
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
