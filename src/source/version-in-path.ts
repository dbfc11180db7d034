import { basename } from 'node:path';

/** What archives of sources are called. */
const ARCHIVE = /\.(?:tar\.(?:gz|xz|bz2|zst|lz|lzma|Z)|tar|tgz|tbz2?|txz|zip)$/;

/** A number, dots and numbers, and maybe letters at the end: `2025b`, `5.2.37`, `1.0-rc2`. */
const VERSION = String.raw`\d+(?:[._]\d+)*[a-z]?(?:[.~-]?(?:alpha|beta|rc|pre)[.-]?\d*)?`;

/** The version in the name of an archive: `2.2.1` of `tree-2.2.1.tgz`, `v2.2.1.tar.gz` or `tree_2.2.1.orig.tar.gz`. */
export function versionInPath(path: string): string | undefined {
  const name = basename(path);
  if (!ARCHIVE.test(name)) return undefined;
  const stem = name.replace(ARCHIVE, '').replace(/\.orig$/, '');
  const found = new RegExp(`(?:^|[-_]|[a-z])(${VERSION})(?:[+-](?:dfsg|ds|src|source|stable)[\\w.]*)?$`, 'i');
  return found.exec(stem)?.[1]?.replaceAll('_', '.');
}

/**
 * A path with another version in it: `…/v2.41/util-linux-2.41.1.tar.xz` of `…/v2.40/util-linux-2.40.4.tar.xz`.
 * Undefined when it does not name the old version.
 */
export function pathAtVersion(path: string, from: string, to: string): string | undefined {
  let isNamed = false;
  const moved = waysToWrite(from).reduce((text, write) => {
    const next = text.replaceAll(alone(write(from)), write(to));
    isNamed ||= next !== text || from === to;
    return next;
  }, path);
  if (!isNamed) return undefined;
  return moved.split('/').map(seriesAt(from, to)).join('/');
}

/** How paths spell a version: as it is, and as tags of CVS did, `R_2_6_4`. */
function waysToWrite(version: string): readonly ((version: string) => string)[] {
  const asItIs = (text: string): string => text;
  return version.includes('.') ? [asItIs, (text) => text.replaceAll('.', '_')] : [asItIs];
}

/** The words as a whole: `8.2` is neither in `18.2` nor in `8.2.1`. */
function alone(words: string): RegExp {
  return new RegExp(`(?<!\\d|\\d[._])${escaped(words)}(?!\\d|[._]\\d)`, 'g');
}

/** Folders of a whole series, `v2.40`: the version without its last part. */
function seriesAt(from: string, to: string): (folder: string) => string {
  const [before, after] = [seriesOf(from), seriesOf(to)];
  if (before === undefined || after === undefined) return (folder) => folder;
  const series = new RegExp(`^(v?|[a-z-]+-)${escaped(before)}$`);
  return (folder) => folder.replace(series, (_, prefix: string) => `${prefix}${after}`);
}

/** Major and minor number, where there is more than these. */
function seriesOf(version: string): string | undefined {
  return /^(\d+\.\d+)(?:\.|$)/.exec(version)?.[1];
}

/**
 * The folders of a path whose listings may show other versions, with what an entry there is called: each part of the
 * path that names the version, or the series that it belongs to. The innermost first.
 */
export function versionedParts(
  path: string,
  version: string,
): readonly { readonly folder: string; readonly entry: RegExp }[] {
  const parts = path.split('/');
  return parts
    .flatMap((part, index) => {
      const entry = entryLike(part, version);
      return entry === undefined ? [] : [{ folder: parts.slice(0, index).join('/'), entry }];
    })
    .toReversed();
}

/** What entries like this one are called in other versions; the version is the group. */
function entryLike(part: string, version: string): RegExp | undefined {
  for (const write of waysToWrite(version)) {
    const at = part.search(alone(write(version)));
    if (at === -1) continue;
    const after = part.slice(at + write(version).length);
    // Some projects go over to another way to compress.
    const end = ARCHIVE.test(after)
      ? `${escaped(after.replace(ARCHIVE, ''))}${ARCHIVE.source}`
      : `${escaped(after)}$`;
    return new RegExp(`^${escaped(part.slice(0, at))}(${VERSION})${end}`);
  }
  const series = seriesOf(version);
  const prefix = series === undefined ? undefined : new RegExp(`^(v?)${escaped(series)}$`).exec(part)?.[1];
  return prefix === undefined ? undefined : new RegExp(`^${prefix}(\\d+(?:\\.\\d+)+)$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
