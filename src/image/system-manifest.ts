import type { TargetPath } from '#base';
import type { Entry } from '#manifest';
import type { GeneratedFile, OwnedEntry } from './built-artifact.ts';

/** Who reads the list on the running system; an image without it has no list. */
const READER: TargetPath = '/usr/bin/blazeneuro';

/**
 * The list of all that the root file system holds, for the running system itself: a line each, with tabs between type,
 * mode, owner, content (digest or target), path and build. Undefined where nothing on the system would read it. It
 * cannot hold itself. Paths have neither tabs nor line ends: an image with such a path is refused.
 */
export function systemManifest(profile: string, entries: readonly OwnedEntry[]): GeneratedFile | undefined {
  if (!entries.some(({ entry }) => entry.path === READER)) return undefined;
  const lines = entries.map(({ entry, build }) => [...fieldsOf(entry), entry.path, build].join('\t'));
  return {
    path: '/usr/lib/blazeneuro/manifest.tsv',
    content: `# profile\t${profile}\n# type\tmode\towner\tcontent\tpath\tbuild\n${lines.join('\n')}\n`,
  };
}

function fieldsOf(entry: Entry): readonly string[] {
  switch (entry.type) {
    case 'file':
      return ['file', entry.mode, `${entry.uid}:${entry.gid}`, hexOf(entry.sha256)];
    case 'directory':
      return ['directory', entry.mode, `${entry.uid}:${entry.gid}`, '-'];
    case 'symlink':
      // A link belongs to root, and has no mode.
      return ['symlink', '-', '0:0', entry.target];
  }
}

/** As sha256sum reads it. */
function hexOf(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1);
}
