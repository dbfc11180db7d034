import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Digest, type HostPath, parseDigest } from '#base';
import { findEntry, OTHERS_WRITE } from './check-artifact.ts';
import { checkInThreads, checkInTurn, type Job } from './check-jobs.ts';
import { MARKS } from './claim-folder.ts';
import type { EntryKind, StoreFault } from './fault.ts';
import { isCanonical, readRecordText } from './record-text.ts';
import { artifactPath, manifestPath, STORE_FILES, STORE_FOLDERS, type StoreFolder } from './store-paths.ts';
import { whyNoUse } from './uses.ts';

export type VerifyOptions = {
  /** The key that a record's inputs give, where they tell it; the store does not know how keys are made. */
  readonly keyOf: (inputs: unknown) => Digest | undefined;
  readonly signal?: AbortSignal;
};

/** What a store holds, and what is wrong with it. */
export type StoreVerdict = {
  readonly artifacts: number;
  readonly blobs: number;
  readonly records: number;
  /** Of the files that were read. */
  readonly sizeBytes: number;
  readonly faults: readonly StoreFault[];
};

/** Fewer entries than these are done before a thread has started. */
const WORTH_THREADS = 16;

/** What an interrupted start of a store, or a write of an older program, leaves: not whole, and nobody's. */
const LEFT_OVER = /\.\d+(?:\.\d+)?\.new$/;

/**
 * Checks every entry of a store by content: artifacts, sources, records, and that nothing else lies between them.
 * A build may go on beside it: entries only ever appear whole, and one that is gone again is no fault.
 */
export async function verifyStore(root: HostPath, options: VerifyOptions): Promise<StoreVerdict> {
  const owner = statSync(root).uid;
  const faults = strays(root, owner);
  const jobs = [...artifactJobs(root, owner, faults), ...blobJobs(root, owner, faults)];
  let sizeBytes = 0;
  const onChecked = (
    job: Job,
    checked: { readonly reasons: readonly string[]; readonly sizeBytes: number },
  ) => {
    sizeBytes += checked.sizeBytes;
    const { entry, digest: name, path } = job;
    if (checked.reasons.length === 0 || findEntry(path) === undefined) return;
    faults.push({ entry, name, path, reasons: checked.reasons });
  };
  const check = jobs.length < WORTH_THREADS ? checkInTurn : checkInThreads;
  await check(jobs, onChecked, options.signal);
  const records = checkRecords(root, owner, options, faults);
  return {
    artifacts: jobs.filter(({ entry }) => entry === 'artifact').length,
    blobs: jobs.filter(({ entry }) => entry === 'blob').length,
    records,
    sizeBytes,
    faults,
  };
}

/** What lies at the top of a store without being a part of it. */
function strays(root: HostPath, owner: number): StoreFault[] {
  const known: readonly string[] = [...STORE_FOLDERS, ...STORE_FILES];
  const faults = readdirSync(root)
    .filter((name) => !known.includes(name) && !LEFT_OVER.test(name))
    .map((name) => stray(root, join(root, name), 'does not belong into a store'));
  for (const [name, text] of Object.entries(MARKS)) {
    const path = join(root, name);
    const found = findEntry(path);
    const isAsWritten = found?.isFile() === true && readFileSync(path, 'utf8') === text;
    const reasons = isAsWritten ? whyNotOurs(found, owner) : ['is missing, or not as it was written'];
    addFault(faults, 'mark', name, path, reasons);
  }
  return faults;
}

function artifactJobs(root: HostPath, owner: number, faults: StoreFault[]): Job[] {
  return namesIn(root, 'artifacts').flatMap((name) => {
    const digest = parseDigest(name);
    if (digest === name)
      return [{ entry: 'artifact', digest, path: artifactPath(root, digest), owner } as const];
    faults.push(stray(root, join(root, 'artifacts', name), 'is not named by a digest'));
    return [];
  });
}

function blobJobs(root: HostPath, owner: number, faults: StoreFault[]): Job[] {
  return filesByPrefix(root, 'blobs', faults).flatMap(({ path, name, prefix }) => {
    const digest = parseDigest(name);
    if (digest === name && name.startsWith(prefix)) return [{ entry: 'blob', digest, path, owner } as const];
    faults.push(stray(root, path, 'is not named by a digest, or lies in the folder of another'));
    return [];
  });
}

function checkRecords(root: HostPath, owner: number, options: VerifyOptions, faults: StoreFault[]): number {
  const keys = filesByPrefix(root, 'keys', faults);
  const builds = filesByPrefix(root, 'builds', faults);
  for (const { path, name, prefix } of keys) {
    const key = parseDigest(name.slice(0, -'.json'.length));
    if (key === undefined || !name.endsWith('.json') || !name.startsWith(prefix)) {
      faults.push(stray(root, path, 'is not named by a key, or lies in the folder of another'));
      continue;
    }
    addFault(faults, 'key', key, path, whyNoKeyRecord(root, key, path, owner, options));
  }
  for (const { path, name, prefix } of builds) {
    const build = `${prefix}/${name.slice(0, -'.json'.length)}`;
    if (!name.endsWith('.json')) faults.push(stray(root, path, 'is not named by a build'));
    else addFault(faults, 'build', build, path, whyNoBuildRecord(build, path, owner, options));
  }
  return keys.length + builds.length + checkUses(root, owner, faults);
}

function checkUses(root: HostPath, owner: number, faults: StoreFault[]): number {
  const names = namesIn(root, 'uses').filter((name) => !LEFT_OVER.test(name));
  for (const name of names) {
    const path = join(root, 'uses', name);
    const found = findEntry(path);
    if (found === undefined) continue;
    const reasons = found.isFile()
      ? [...whyNotOurs(found, owner), whyNoUse(readFileSync(path, 'utf8'), name) ?? []].flat()
      : ['is no plain file'];
    addFault(faults, 'use', name, path, reasons);
  }
  return names.length;
}

function whyNoKeyRecord(
  root: HostPath,
  key: Digest,
  path: HostPath,
  owner: number,
  options: VerifyOptions,
): string[] {
  const { record, reasons } = readRecordFile(path, owner, options);
  if (record === undefined) return reasons;
  if (record.key !== key) reasons.push(`it is the record of the key ${record.key}`);
  const isThere = findEntry(manifestPath(root, record.artifact)) !== undefined;
  // It may have been collected since we listed it, and its records before it.
  if (!isThere && findEntry(path) !== undefined) {
    reasons.push(`the artifact ${record.artifact} of ${record.build} is missing`);
  }
  return reasons;
}

function whyNoBuildRecord(build: string, path: HostPath, owner: number, options: VerifyOptions): string[] {
  const { record, reasons } = readRecordFile(path, owner, options);
  if (record !== undefined && record.build !== build) reasons.push(`it is the record of ${record.build}`);
  return reasons;
}

function readRecordFile(path: HostPath, owner: number, { keyOf }: VerifyOptions) {
  const reasons: string[] = [];
  const found = findEntry(path);
  if (found === undefined) return { record: undefined, reasons };
  if (!found.isFile()) return { record: undefined, reasons: ['is no plain file'] };
  reasons.push(...whyNotOurs(found, owner));
  const text = readFileSync(path, 'utf8');
  const { record, fault } = readRecordText(text);
  if (record === undefined) return { record, reasons: [...reasons, fault] };
  if (!isCanonical(text, record)) reasons.push('it is not spelled as the program spells it');
  const key = keyOf(record.inputs);
  if (key !== undefined && key !== record.key) reasons.push(`its inputs give the key ${key}`);
  return { record, reasons };
}

function whyNotOurs(found: Stats, owner: number): string[] {
  return [
    ...((found.mode & OTHERS_WRITE) === 0 ? [] : ['others may write to it']),
    ...(found.uid === owner ? [] : [`belongs to user ${found.uid}, the store to user ${owner}`]),
  ];
}

type Filed = { readonly path: HostPath; readonly name: string; readonly prefix: string };

/** What lies in the folders of a folder: `blobs/ab/…`, `builds/final/…`. */
function filesByPrefix(root: HostPath, folder: StoreFolder, faults: StoreFault[]): Filed[] {
  return namesIn(root, folder).flatMap((prefix) => {
    const path = join(root, folder, prefix);
    const found = findEntry(path);
    if (found === undefined) return [];
    if (!found.isDirectory() || (found.mode & OTHERS_WRITE) !== 0) {
      const reason = found.isDirectory() ? 'others may write to it' : 'is no folder';
      faults.push(stray(root, path, reason));
      return [];
    }
    return readdirSync(path)
      .filter((name) => !LEFT_OVER.test(name))
      .map((name) => ({ path: join(path, name), name, prefix }));
  });
}

function namesIn(root: HostPath, folder: StoreFolder): string[] {
  const path = join(root, folder);
  return findEntry(path) === undefined ? [] : readdirSync(path).sort();
}

function stray(root: HostPath, path: HostPath, reason: string): StoreFault {
  return { entry: 'stray', name: relative(root, path), path, reasons: [reason] };
}

function addFault(
  faults: StoreFault[],
  entry: EntryKind,
  name: string,
  path: HostPath,
  reasons: readonly string[],
): void {
  if (reasons.length > 0) faults.push({ entry, name, path, reasons });
}
