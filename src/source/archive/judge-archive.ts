import type { NameLimits } from './archive-path.ts';
import { ArchiveTree } from './archive-tree.ts';
import { ByteInput, type ReadBytes, type WriteBytes } from './byte-input.ts';
import { readEntry } from './read-entry.ts';
import { type Refusal, refuseArchive, refuseEntry } from './refusal.ts';
import { paddingOf } from './tar-header.ts';
import { END_OF_ARCHIVE, writeEntry } from './write-entry.ts';

/** What an archive may hold at most. */
export type ArchiveLimits = NameLimits & {
  /** Of all of it, unpacked: headers too. */
  readonly bytes: number;
  /** Files, folders and links, those folders too that only come up in the names of others. */
  readonly entries: number;
};

const ZEROS = Buffer.alloc(1 << 16);

/**
 * Reads a tar archive and writes it anew for GNU tar: nothing but files, folders and links, each path once, each below
 * the archive's top. No entry is handed on before it was judged, and no header but our own: what another program could
 * read differently is not there any more. Links can only be judged at the end; until then nothing follows them.
 * Gives back why it stopped; what it has written then is no whole archive.
 */
export function judgeArchive(read: ReadBytes, write: WriteBytes, limits: ArchiveLimits): Refusal | undefined {
  const input = new ByteInput(read, limits.bytes);
  const tree = new ArchiveTree(limits.entries);
  const refusal = judgeEntries(input, tree, write, limits) ?? judgeEnd(input, tree);
  if (input.isTooLong)
    return { ...refuseArchive(`has more than ${limits.bytes} bytes in it`), ...nameIn(refusal) };
  if (refusal === undefined) write(END_OF_ARCHIVE);
  return refusal;
}

function judgeEntries(
  input: ByteInput,
  tree: ArchiveTree,
  write: WriteBytes,
  limits: ArchiveLimits,
): Refusal | undefined {
  for (;;) {
    const entry = readEntry(input, limits);
    if (entry === undefined || 'isRefused' in entry) return entry;
    const refusal = tree.add(entry);
    if (refusal !== undefined) return refusal;
    // The top is there already.
    if (entry.path === '') continue;
    write(writeEntry(entry));
    if (!input.pass(entry.sizeBytes + paddingOf(entry.sizeBytes), write)) {
      return refuseEntry(entry.path, 'is cut off');
    }
  }
}

/** After its end an archive has nothing but zeros: some programs would read on. */
function judgeEnd(input: ByteInput, tree: ArchiveTree): Refusal | undefined {
  for (let bytes = input.takeSome(ZEROS.length); bytes.length > 0; bytes = input.takeSome(ZEROS.length)) {
    if (ZEROS.compare(bytes, 0, bytes.length, 0, bytes.length) !== 0) {
      return refuseArchive('goes on after its end');
    }
  }
  return tree.isEmpty ? refuseArchive('is empty') : tree.findLeavingLink();
}

function nameIn(refusal: Refusal | undefined): { readonly entry?: string } {
  return refusal?.entry === undefined ? {} : { entry: refusal.entry };
}
