import { readFile } from 'node:fs/promises';
import type { HostPath } from '#base';
import { keyRecordPaths } from './quarantine.ts';
import { readRecordText } from './record-text.ts';
import type { ArtifactRecord } from './store.ts';

/** Every record that a store has by key, in no order; damaged ones are left out. */
export async function readRecords(root: HostPath): Promise<readonly ArtifactRecord[]> {
  const records: ArtifactRecord[] = [];
  for (const path of await keyRecordPaths(root)) {
    const { record } = readRecordText(await readFile(path, 'utf8'));
    if (record !== undefined) records.push(record);
  }
  return records;
}
