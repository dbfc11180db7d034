import type { Result } from '#base';
import { type ByteReader, type Patch, patchedReader } from '../byte-reader.ts';
import { asResult, damaged } from '../damaged.ts';
import { readExtents } from './extents.ts';
import { readGroups } from './groups.ts';
import { readInode } from './inode.ts';
import {
  BLOCK_TYPES,
  hasRightTail,
  isTaggedBlock,
  isWholeCommit,
  type JournalHead,
  logBlockType,
  readJournalHead,
  readRevoked,
  readTags,
  type Tag,
  unescaped,
} from './journal-log.ts';
import { readSuperblock } from './superblock.ts';
import type { Volume } from './volume.ts';

/** Larger than any that mke2fs makes by itself; ours has 32 MiB. */
const LARGEST_JOURNAL_BYTES = 1024 * 1024 * 1024;

/**
 * An ext4 file system as it will be once its journal is replayed, as Linux does when it mounts it: nothing is written,
 * the blocks of the journal lie over those that they are for. One whose journal is empty is given back as it is.
 */
export function replayJournal(reader: ByteReader): Promise<Result<ByteReader>> {
  return asResult(async () => {
    const superblock = await readSuperblock(reader);
    if (!superblock.needsRecovery) return reader;
    const groups = await readGroups(reader, superblock);
    const volume: Volume = { reader, metadata: reader, superblock, groups };
    const log = await openLog(volume);
    if (log.head.start === 0) return reader;
    return patchedReader(reader, await patchesOf(volume, log, await readTransactions(log)));
  });
}

type Log = { readonly head: JournalHead; read(block: number): Promise<Buffer> };

/** The journal is a file; where its blocks lie is read once. */
async function openLog(volume: Volume): Promise<Log> {
  const { superblock, reader } = volume;
  const { blockBytes, journalInode } = superblock;
  const inode = await readInode(volume, journalInode);
  if (inode.sizeBytes > LARGEST_JOURNAL_BYTES) damaged('ext4', `its journal has ${inode.sizeBytes} bytes`);
  const places: number[] = [];
  for await (const { fileBlock, block, count } of readExtents(volume, inode)) {
    if (fileBlock !== places.length) damaged('ext4', 'its journal has a hole');
    if ((places.length + count) * blockBytes > LARGEST_JOURNAL_BYTES)
      damaged('ext4', 'its journal has no end');
    for (let at = 0; at < count; at += 1) places.push(block + at);
  }
  const read = async (at: number): Promise<Buffer> => {
    const block = places[at];
    if (block === undefined) damaged('ext4', `its journal has no block ${at}`);
    return reader.read(block * blockBytes, blockBytes);
  };
  const head = readJournalHead(await read(0), blockBytes);
  if (head.blockCount > places.length) damaged('ext4', 'its journal is cut off');
  return { head, read };
}

/** A transaction that was committed: its blocks, with the places of their bytes in the log, and what it revokes. */
type Transaction = {
  readonly sequence: number;
  readonly writes: readonly { readonly tag: Tag; readonly logBlock: number }[];
  readonly revoked: readonly number[];
};

/** All transactions that are whole. The log ends where a block belongs to none, at the latest once around the ring. */
async function readTransactions({ head, read }: Log): Promise<readonly Transaction[]> {
  const ringBlocks = head.blockCount - head.first;
  const place = (steps: number) => head.first + ((head.start - head.first + steps) % ringBlocks);
  const transactions: Transaction[] = [];
  let { sequence } = head;
  let writes: { tag: Tag; logBlock: number }[] = [];
  let revoked: number[] = [];
  for (let steps = 0; steps < ringBlocks; ) {
    const bytes = await read(place(steps));
    const type = logBlockType(bytes, sequence);
    steps += 1;
    if (type === BLOCK_TYPES.descriptor && hasRightTail(head, bytes)) {
      const tags = readTags(head, bytes);
      for (const [at, tag] of tags.entries()) writes.push({ tag, logBlock: place(steps + at) });
      steps += tags.length;
    } else if (type === BLOCK_TYPES.revoke && hasRightTail(head, bytes)) {
      for (const block of readRevoked(head, bytes)) revoked.push(block);
    } else if (type === BLOCK_TYPES.commit && isWholeCommit(head, bytes)) {
      transactions.push({ sequence, writes, revoked });
      writes = [];
      revoked = [];
      sequence = (sequence + 1) >>> 0;
    } else {
      break;
    }
  }
  return transactions;
}

/** The last word of the log on every block, unless it was revoked by the same transaction or a later one. */
async function patchesOf(
  { superblock }: Volume,
  { head, read }: Log,
  transactions: readonly Transaction[],
): Promise<readonly Patch[]> {
  const { blockBytes, blockCount } = superblock;
  // Sequences may run over 32 bits, so their order is that of the log.
  const revokedAt = new Map<number, number>();
  for (const [order, { revoked }] of transactions.entries()) {
    for (const block of revoked) revokedAt.set(block, order);
  }
  const patches = new Map<number, Patch>();
  for (const [order, { sequence, writes }] of transactions.entries()) {
    for (const { tag, logBlock } of writes) {
      if ((revokedAt.get(tag.block) ?? -1) >= order) continue;
      if (tag.block >= blockCount) damaged('ext4', `its journal speaks of block ${tag.block}`);
      const bytes = await read(logBlock);
      if (!isTaggedBlock(head, tag, bytes, sequence)) {
        damaged('ext4', `block ${logBlock} of its journal does not match its checksum`);
      }
      patches.set(tag.block, { offsetBytes: tag.block * blockBytes, bytes: unescaped(tag, bytes) });
    }
  }
  return [...patches.values()];
}
