import { posix } from 'node:path';
import { fail, ok, type Result } from '#base';
import type { OwnedEntry } from './built-artifact.ts';
import {
  BLOCK_BYTES,
  BYTES_PER_INODE,
  GROWABLE_BLOCKS,
  INODE_BYTES,
  JOURNAL_MIB,
  RESERVED_PERCENT,
} from './ext4-size.ts';
import type { ImageIdentity } from './identity.ts';

/** The label of the root file system. */
export const ROOT_LABEL = 'blazeneuro';

/** mke2fs' own configuration file differs between machines, so it is given this one, and every choice as an option. */
export const MKE2FS_CONFIGURATION = `[fs_types]
ext4 = {
\tinode_size = ${INODE_BYTES}
}
image = {
\tinode_size = ${INODE_BYTES}
}
`;

/** The features by name, so that no version of mke2fs adds its own; metadata_csum_seed lets a UUID be changed. */
const FEATURES = [
  ...[
    'none',
    'has_journal',
    'ext_attr',
    'resize_inode',
    'dir_index',
    'filetype',
    'extent',
    '64bit',
    'flex_bg',
  ],
  ...[
    'sparse_super',
    'large_file',
    'huge_file',
    'dir_nlink',
    'extra_isize',
    'metadata_csum',
    'metadata_csum_seed',
  ],
];

/** Where a file system lies: a part of a file that has only zeros there. */
export type FileSystemPlace = {
  readonly file: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
};

/** mke2fs for the root file system, as words of one command. */
export function mke2fsArgv(identity: ImageIdentity, place: FileSystemPlace): readonly string[] {
  const extended = [
    `offset=${place.offsetBytes}`,
    `resize=${GROWABLE_BLOCKS}`,
    'root_owner=0:0',
    // A file of zeros needs neither to be written with zeros later.
    'lazy_itable_init=0',
    'lazy_journal_init=0',
    // Nor now: zeros that are written would take room.
    'assume_storage_prezeroed=1',
    'nodiscard',
    `hash_seed=${identity.rootHashSeed}`,
  ];
  return [
    ...['mke2fs', '-q', '-F', '-t', 'ext4', '-T', 'image', '-O', FEATURES.join(',')],
    ...['-b', `${BLOCK_BYTES}`, '-I', `${INODE_BYTES}`, '-i', `${BYTES_PER_INODE}`, '-G', '16'],
    ...['-J', `size=${JOURNAL_MIB}`, '-m', `${RESERVED_PERCENT}`, '-e', 'remount-ro'],
    ...['-L', ROOT_LABEL, '-U', identity.rootUuid, '-E', extended.join(','), place.file],
    String(place.sizeBytes / BLOCK_BYTES),
  ];
}

/** debugfs cuts a line after 8191 bytes (BUFSIZ); a command has one long word, and one name of at most 255 bytes. */
const LONGEST_WORD_BYTES = 7000;

/**
 * The commands for debugfs that fill an empty ext4 file system with the entries. `mke2fs -d` would take owners, modes
 * and times from the staged files, make hard links of equal files that are links of one blob, and number inodes in
 * the order in which the machine's own file system lists a folder. Here all of it follows from the manifest; the
 * time is what E2FSPROGS_FAKE_TIME says. `stagedAs` gives the name of a file's bytes in the work folder.
 */
export function fillCommands(
  entries: readonly OwnedEntry[],
  stagedAs: (owned: OwnedEntry) => string,
): Result<string> {
  const byFolder = new Map<string, OwnedEntry[]>();
  for (const owned of entries) {
    const { entry } = owned;
    const untold = whyUntold(entry);
    if (untold !== undefined) {
      return fail({
        kind: 'image-failed',
        subject: owned.build,
        message: `A path of ${owned.build} ${untold}: ${JSON.stringify(entry.path)}.`,
        hint: "Keep it out of the image by the profile's exclude.",
      });
    }
    const folder = posix.dirname(entry.path);
    const siblings = byFolder.get(folder);
    if (siblings === undefined) byFolder.set(folder, [owned]);
    else siblings.push(owned);
  }
  // In the order of paths a folder is made, among its siblings, before it is entered.
  const folders = [...byFolder].sort(([a], [b]) => (a < b ? -1 : 1));
  const commands = folders.flatMap(([folder, siblings]) => [
    `cd ${quoted(folder)}`,
    ...siblings.flatMap((owned) => commandsFor(owned, stagedAs)),
  ]);
  return ok(`${commands.join('\n')}\n`);
}

/** Why debugfs cannot be told of an entry: it reads line by line, and knows no escape for the end of one. */
function whyUntold(entry: OwnedEntry['entry']): string | undefined {
  const words = entry.type === 'symlink' ? [entry.path, entry.target] : [entry.path];
  if (words.some((word) => /[\r\n]/.test(word))) return 'has a line break in it';
  const isTooLong = words.some((word) => Buffer.byteLength(quoted(word)) > LONGEST_WORD_BYTES);
  return isTooLong ? 'is too long' : undefined;
}

function commandsFor(owned: OwnedEntry, stagedAs: (owned: OwnedEntry) => string): string[] {
  const { entry } = owned;
  const name = posix.basename(entry.path);
  switch (entry.type) {
    case 'symlink':
      return [`symlink ${quoted(name)} ${quoted(entry.target)}`];
    case 'directory':
      return [`mkdir ${quoted(name)}`, ...modeAndOwner(name, '04', entry)];
    case 'file':
      return [`write ${quoted(stagedAs(owned))} ${quoted(name)}`, ...modeAndOwner(name, '010', entry)];
  }
}

/** What differs from debugfs' defaults; a file's mode always, since it would else be that of the staged file. */
function modeAndOwner(
  name: string,
  type: '04' | '010',
  { mode, uid, gid }: { readonly mode: string; readonly uid: number; readonly gid: number },
): string[] {
  // A name such as `<2>` would be taken for the number of an inode; a path with a slash never is.
  const path = quoted(`./${name}`);
  const set = (field: string, value: string | number) => `set_inode_field ${path} ${field} ${value}`;
  return [
    ...(type === '010' || mode !== '0755' ? [set('mode', `${type}${mode.padStart(4, '0')}`)] : []),
    ...(uid !== 0 ? [set('uid', uid)] : []),
    ...(gid !== 0 ? [set('gid', gid)] : []),
  ];
}

/** A word for debugfs: in double quotes, which are doubled inside (libss). */
function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
