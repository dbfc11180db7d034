import { fail, ProblemError, type Result, type TargetPath } from '#base';
import { type ByteRange, type ByteReader, mergeRanges, type Patch } from '../byte-reader.ts';
import { asResult, damaged } from '../damaged.ts';
import { type FileSystemEntry, LONGEST_PATH, type WalkedEntry } from '../file-system-entry.ts';
import { type AllocationTable, readAllocationTable } from './allocation-table.ts';
import { type BootSector, readBootSector, renewed } from './boot-sector.ts';
import { type Name, namesOf } from './directory.ts';

/** A FAT32 file system that can be read. What is damaged further in ends a call with a `ProblemError`. */
export type Fat32 = {
  /** Eight hexadecimal digits. */
  readonly volumeId: string;
  readonly label: string;
  readonly sizeBytes: number;
  readonly clusterBytes: number;
  /** Whether it was unmounted in order, and both copies of the table agree. */
  readonly isClean: boolean;
  readonly doCopiesAgree: boolean;
  /** All that is not free, in order: reserved sectors, tables, clusters in use, and what lies behind the last. */
  usedRanges(): Promise<readonly ByteRange[]>;
  walk(): AsyncIterable<WalkedEntry>;
  content(entry: FileSystemEntry): AsyncIterable<Buffer>;
  /** Where a file's bytes lie; a problem when there is no such file. */
  locate(path: TargetPath): Promise<Result<readonly ByteRange[]>>;
  /** What to write so that it has another id. */
  renewed(volumeId: string): Promise<readonly Patch[]>;
};

type Volume = { readonly reader: ByteReader; readonly boot: BootSector; readonly table: AllocationTable };

/** A directory holds at most 65,536 entries of 32 bytes (fatgen103). */
const LARGEST_DIRECTORY_BYTES = 2 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** Opens a FAT32 file system. Problem: it is none, or is damaged. */
export function openFat32(reader: ByteReader): Promise<Result<Fat32>> {
  return asResult(async () => {
    const boot = await readBootSector(reader);
    return fat32({ reader, boot, table: await readAllocationTable(reader, boot) });
  });
}

function fat32(volume: Volume): Fat32 {
  const { boot, table } = volume;
  return {
    volumeId: boot.volumeId,
    label: boot.label,
    sizeBytes: boot.sizeBytes,
    clusterBytes: boot.clusterBytes,
    isClean: table.isClean,
    doCopiesAgree: table.doCopiesAgree,
    usedRanges: async () => usedRanges(volume),
    walk: () => walk(volume),
    content: (entry) => content(volume, entry),
    locate: (path) => locate(volume, path),
    renewed: async (volumeId) => renewed(boot, volumeId),
  };
}

function usedRanges({ reader, boot, table }: Volume): readonly ByteRange[] {
  const { clustersOffset, clusterBytes, clusterCount } = boot;
  const used: ByteRange[] = [{ offsetBytes: 0, lengthBytes: clustersOffset }];
  let begin = 0;
  // One past the last, which counts as free and so ends the last run.
  for (let cluster = 2; cluster <= clusterCount + 2; cluster += 1) {
    const isUsed = cluster < clusterCount + 2 && table.isUsed(cluster);
    if (isUsed && begin === 0) begin = cluster;
    if (isUsed || begin === 0) continue;
    used.push({ offsetBytes: offsetOf(boot, begin), lengthBytes: (cluster - begin) * clusterBytes });
    begin = 0;
  }
  const end = clustersOffset + clusterCount * clusterBytes;
  return mergeRanges([...used, { offsetBytes: end, lengthBytes: reader.sizeBytes - end }]);
}

/** Everything in the file system, each directory before what is in it; what is damaged is told of in its place. */
async function* walk(volume: Volume): AsyncIterable<WalkedEntry> {
  const seen = new Set<number>([volume.boot.rootCluster]);
  const root = rootEntry(volume.boot);
  const waiting = [root];
  yield root;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path } = next;
    const names = await asResult(() => readNames(volume, next));
    if (!names.ok) {
      yield { path, type: 'damaged', problem: names.problem };
      continue;
    }
    for (const name of names.value) {
      const entry = entryOf(path, name);
      const problem = whyUnreadable(entry, seen);
      yield problem ?? entry;
      if (entry.type !== 'directory' || problem !== undefined) continue;
      seen.add(entry.number);
      waiting.push(entry);
    }
  }
}

function whyUnreadable({ path, type, number }: FileSystemEntry, seen: ReadonlySet<number>) {
  try {
    if (path.length > LONGEST_PATH) damaged('FAT32', 'its folders lie too deep in each other');
    if (type === 'directory' && seen.has(number)) damaged('FAT32', 'a folder is in more than one folder');
    return undefined;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { path: path.slice(0, LONGEST_PATH), type: 'damaged', problem: error.problem } as const;
  }
}

function rootEntry({ rootCluster }: BootSector): FileSystemEntry {
  return entryOf('', { name: '', isDirectory: true, firstCluster: rootCluster, sizeBytes: 0 });
}

/** FAT knows neither modes nor owners: everything is root's, as mounted without options. */
function entryOf(folder: TargetPath, { name, isDirectory, firstCluster, sizeBytes }: Name): FileSystemEntry {
  return {
    path: `${folder === '/' ? '' : folder}/${name}`,
    type: isDirectory ? 'directory' : 'file',
    mode: '0755',
    uid: 0,
    gid: 0,
    sizeBytes,
    number: firstCluster,
    linkCount: 1,
    hasAttributes: false,
  };
}

async function readNames({ reader, boot, table }: Volume, { number }: FileSystemEntry) {
  const clusters = table.chain(number);
  if (clusters.length * boot.clusterBytes > LARGEST_DIRECTORY_BYTES) {
    damaged('FAT32', `the directory at cluster ${number} has ${clusters.length} clusters`);
  }
  const parts: Buffer[] = [];
  for (const cluster of clusters) parts.push(await reader.read(offsetOf(boot, cluster), boot.clusterBytes));
  return namesOf(Buffer.concat(parts));
}

async function* content(volume: Volume, entry: FileSystemEntry): AsyncIterable<Buffer> {
  for (const { offsetBytes, lengthBytes } of rangesOf(volume, entry)) {
    for (let at = 0; at < lengthBytes; at += CHUNK_BYTES) {
      yield await volume.reader.read(offsetBytes + at, Math.min(CHUNK_BYTES, lengthBytes - at));
    }
  }
}

/** Where the bytes of a file lie. */
function rangesOf(
  { boot, table }: Volume,
  { path, number, sizeBytes }: FileSystemEntry,
): readonly ByteRange[] {
  const clusters = sizeBytes === 0 ? [] : table.chain(number);
  const wanted = Math.ceil(sizeBytes / boot.clusterBytes);
  if (clusters.length < wanted) damaged('FAT32', `${path} ends before its ${sizeBytes} bytes are over`);
  const ranges: { offsetBytes: number; lengthBytes: number }[] = [];
  for (const [at, cluster] of clusters.slice(0, wanted).entries()) {
    const offsetBytes = offsetOf(boot, cluster);
    const lengthBytes = Math.min(boot.clusterBytes, sizeBytes - at * boot.clusterBytes);
    const last = ranges.at(-1);
    // In the order of the file, which need not be that of the drive.
    if (last !== undefined && last.offsetBytes + last.lengthBytes === offsetBytes)
      last.lengthBytes += lengthBytes;
    else ranges.push({ offsetBytes, lengthBytes });
  }
  return ranges;
}

async function locate(volume: Volume, path: TargetPath): Promise<Result<readonly ByteRange[]>> {
  const found = await asResult(async () => {
    let entry: FileSystemEntry | undefined = rootEntry(volume.boot);
    for (const part of path.split('/').filter((name) => name !== '')) {
      if (entry?.type !== 'directory') return undefined;
      const folder: FileSystemEntry = entry;
      const name = (await readNames(volume, folder)).find(
        (one) => one.name.toLowerCase() === part.toLowerCase(),
      );
      entry = name === undefined ? undefined : entryOf(folder.path, name);
    }
    return entry?.type === 'file' ? rangesOf(volume, entry) : undefined;
  });
  if (!found.ok) return found;
  if (found.value !== undefined) return { ok: true, value: found.value };
  const message = `The FAT32 file system has no file ${path}`;
  return fail({ kind: 'file-system-damaged', subject: 'FAT32', message });
}

function offsetOf({ clustersOffset, clusterBytes }: BootSector, cluster: number): number {
  return clustersOffset + (cluster - 2) * clusterBytes;
}
