import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, type HostPath, parseDigest } from '#base';
import { findEntry } from './check-artifact.ts';
import { keyRecordPaths } from './quarantine.ts';
import { readRecordText } from './record-text.ts';
import { artifactPath, type StoreFolder } from './store-paths.ts';
import { readUses } from './uses.ts';

/** One thing that garbage collection takes or leaves as a whole. */
export type Item = {
  readonly kind:
    | 'artifact'
    | 'source'
    | 'failed-build'
    | 'partial-source'
    | 'quarantined'
    | 'package-lists'
    | 'record';
  /** Digest, key, or the name of a folder. */
  readonly name: string;
  /** The builds that an artifact came from, if a record tells. */
  readonly builds: readonly string[];
  readonly path: HostPath;
  /** Records that promise it: they go first. */
  readonly records: readonly HostPath[];
  /** Space on the disk. */
  readonly sizeBytes: number;
  /** Milliseconds since 1970; a use in the future counts as now. */
  readonly usedAtMs: number;
  readonly isNeeded: boolean;
};

/** What may not be taken but by force: keys and sources of plans and of last finished builds. */
export type Needed = { readonly keys: ReadonlySet<Digest>; readonly blobs: ReadonlySet<Digest> };

/** Everything in a store that could be taken, with what is known of its use. */
export async function takeInventory(root: HostPath, needed: Needed, nowMs: number): Promise<readonly Item[]> {
  const times = useTimes(root);
  const records = await readKeyRecords(root, times);
  const past = (timeMs: number) => Math.min(timeMs, nowMs);
  const artifacts = entriesOf(root, 'artifacts').map(({ name, path, mtimeMs }): Item => {
    const own = records.filter(({ artifact }) => artifact === name);
    return {
      kind: 'artifact',
      name,
      builds: [...new Set(own.map(({ build }) => build))],
      path,
      records: own.map((record) => record.path),
      sizeBytes: diskUsage(path),
      // Without a record nothing finds it any more.
      usedAtMs: own.length === 0 ? 0 : past(Math.max(mtimeMs, ...own.map((record) => record.usedAtMs))),
      isNeeded: own.some(({ key }) => needed.keys.has(key)),
    };
  });
  const blobs = entriesOf(root, 'blobs').flatMap(({ path: folder }) =>
    entriesIn(folder).map(({ name, path, mtimeMs }): Item => {
      const digest = parseDigest(name);
      const usedAtMs = past(Math.max(mtimeMs, times.get(name) ?? 0));
      const isNeeded = digest !== undefined && needed.blobs.has(digest);
      return {
        kind: 'source',
        name,
        builds: [],
        path,
        records: [],
        sizeBytes: diskUsage(path),
        usedAtMs,
        isNeeded,
      };
    }),
  );
  return [
    ...artifacts,
    ...blobs,
    ...oldRecords(root, records, needed, past),
    ...folders(join(root, 'state', 'failed'), 'failed-build', past),
    // Files; what a broken download left.
    ...folders(join(root, 'state', 'partial'), 'partial-source', past),
    ...folders(join(root, 'quarantine'), 'quarantined', past),
    ...folders(join(root, 'state'), 'package-lists', past).filter(({ name }) => name === 'apt'),
  ];
}

/** Space that a file or a folder with all that is in it takes on the disk. */
export function diskUsage(path: HostPath): number {
  const found = findEntry(path);
  if (found === undefined) return 0;
  // st_blocks counts 512 bytes, whatever the file system's own blocks are (stat(2)).
  let sizeBytes = found.blocks * 512;
  if (found.isDirectory()) {
    for (const name of readdirSync(path)) sizeBytes += diskUsage(join(path, name));
  }
  return sizeBytes;
}

type KeyRecord = {
  readonly key: Digest;
  readonly build: string;
  readonly artifact: Digest | undefined;
  readonly path: HostPath;
  readonly usedAtMs: number;
};

/** When each key and each source was last needed by a finished run. */
function useTimes(root: HostPath): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { keys, blobs, usedAtMs } of readUses(root)) {
    for (const name of [...keys, ...blobs]) times.set(name, Math.max(usedAtMs, times.get(name) ?? 0));
  }
  return times;
}

async function readKeyRecords(root: HostPath, times: ReadonlyMap<string, number>): Promise<KeyRecord[]> {
  return (await keyRecordPaths(root)).flatMap((path) => {
    const found = findEntry(path);
    const { record } = readRecordText(readFileSync(path, 'utf8'));
    if (found === undefined || record === undefined) return [];
    const { key, build, artifact } = record;
    return [{ key, build, artifact, path, usedAtMs: Math.max(found.mtimeMs, times.get(key) ?? 0) }];
  });
}

/** Records that stand for themselves: those of an artifact that stays go once nobody asks for their key. */
function oldRecords(
  root: HostPath,
  records: readonly KeyRecord[],
  needed: Needed,
  past: (timeMs: number) => number,
): Item[] {
  return records.map(({ key, build, artifact, path, usedAtMs }) => ({
    kind: 'record',
    name: key,
    builds: [build],
    path,
    records: [],
    sizeBytes: diskUsage(path),
    usedAtMs:
      artifact === undefined || findEntry(artifactPath(root, artifact)) === undefined ? 0 : past(usedAtMs),
    isNeeded: needed.keys.has(key),
  }));
}

function folders(folder: HostPath, kind: Item['kind'], past: (timeMs: number) => number): Item[] {
  return entriesIn(folder).map(({ name, path, mtimeMs }) => ({
    kind,
    name,
    builds: [],
    path,
    records: [],
    sizeBytes: diskUsage(path),
    usedAtMs: past(mtimeMs),
    isNeeded: false,
  }));
}

function entriesOf(root: HostPath, folder: StoreFolder) {
  return entriesIn(join(root, folder));
}

function entriesIn(folder: HostPath): { name: string; path: HostPath; mtimeMs: number }[] {
  if (findEntry(folder)?.isDirectory() !== true) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const found = findEntry(path);
    return found === undefined ? [] : [{ name, path, mtimeMs: found.mtimeMs }];
  });
}
