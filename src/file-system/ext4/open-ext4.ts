import { fail, type Result, type TargetPath } from '#base';
import { type ByteRange, type ByteReader, cachedReader, type Patch } from '../byte-reader.ts';
import { asResult } from '../damaged.ts';
import type { FileSystemEntry, WalkedEntry } from '../file-system-entry.ts';
import { locateContent, readContent } from './file-content.ts';
import { readGroups } from './groups.ts';
import { readInode } from './inode.ts';
import { renewed } from './renewed.ts';
import { readSuperblock } from './superblock.ts';
import { usedRanges } from './used-ranges.ts';
import type { Volume } from './volume.ts';
import { inodeAt, walk } from './walk.ts';

/** An ext4 file system that can be read. What is damaged further in ends a call with a `ProblemError`. */
export type Ext4 = {
  readonly uuid: string;
  readonly label: string;
  readonly sizeBytes: number;
  readonly blockBytes: number;
  /** Whether it was unmounted in order; if not, what is read may be older than what was last written. */
  readonly isClean: boolean;
  /** Whether the kernel found something wrong in it that was not mended since. */
  readonly hasErrors: boolean;
  /** Whether the journal must be replayed before what is read is right. */
  readonly needsRecovery: boolean;
  /** All that is not free, in order: metadata, journal, files, and what lies outside of groups. */
  usedRanges(): Promise<readonly ByteRange[]>;
  walk(): AsyncIterable<WalkedEntry>;
  content(entry: FileSystemEntry): AsyncIterable<Buffer>;
  /** Where a file's bytes lie; a problem when there is no such file, or it has holes. */
  locate(path: TargetPath): Promise<Result<readonly ByteRange[]>>;
  /** What to write so that it has another UUID: every copy of the superblock. */
  renewed(uuid: string): Promise<readonly Patch[]>;
};

const METADATA_CHUNK_BYTES = 64 * 1024;
const METADATA_CHUNKS = 64;

/** Opens an ext4 file system. Problem: it is none, is damaged, or has features that are unknown here. */
export function openExt4(reader: ByteReader): Promise<Result<Ext4>> {
  return asResult(async () => {
    const superblock = await readSuperblock(reader);
    const groups = await readGroups(reader, superblock);
    const metadata = cachedReader(reader, METADATA_CHUNK_BYTES, METADATA_CHUNKS);
    return ext4({ reader, metadata, superblock, groups });
  });
}

function ext4(volume: Volume): Ext4 {
  const { uuid, label, isClean, hasErrors, needsRecovery, blockBytes, blockCount } = volume.superblock;
  return {
    uuid,
    label,
    isClean,
    hasErrors,
    needsRecovery,
    blockBytes,
    sizeBytes: blockCount * blockBytes,
    usedRanges: () => usedRanges(volume),
    walk: () => walk(volume),
    async *content({ number }) {
      yield* readContent(volume, await readInode(volume, number));
    },
    locate: (path) => locate(volume, path),
    renewed: (newUuid) => renewed(volume, newUuid),
  };
}

async function locate(volume: Volume, path: TargetPath): Promise<Result<readonly ByteRange[]>> {
  const inode = await asResult(() => inodeAt(volume, path));
  if (!inode.ok) return inode;
  const file = inode.value;
  if (file?.type === 'file') return asResult(() => locateContent(volume, file));
  return fail({
    kind: 'file-system-damaged',
    subject: 'ext4',
    message: `The ext4 file system has no file ${path}`,
  });
}
