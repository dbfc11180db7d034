import { canonicalJson, type Digest, digestOfBytes, parseDigest } from '#base';
import type { ArtifactRecord } from './store.ts';

/** What was read: a record, or why the text is none. */
export type ReadRecord =
  | { readonly record: ArtifactRecord; readonly fault?: undefined }
  | { readonly record?: undefined; readonly fault: string };

/**
 * The name sorts behind all others, so that the digest stands last in the canonical text and covers what is before
 * it: a flipped bit shows without parsing. Records of programs before this rule have none.
 */
const DIGEST_FIELD = /,"recordDigest":"([0-9a-f]{64})"\}$/;

/** A record as it is kept: canonical JSON that ends with the digest of all before it. */
export function recordText(record: ArtifactRecord): string {
  const text = canonicalJson(record);
  return `${text.slice(0, -1)},"recordDigest":"${digestOfBytes(text)}"}`;
}

/** Reads what `recordText` wrote; text of another origin, or damaged, is told by its fault. */
export function readRecordText(text: string): ReadRecord {
  const recorded = DIGEST_FIELD.exec(text);
  const body = recorded === null ? text : `${text.slice(0, recorded.index)}}`;
  if (recorded !== null && recorded[1] !== digestOfBytes(body)) {
    return { fault: 'its bytes are not those that were written: its own digest says so' };
  }
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch (error) {
    return { fault: `it is no JSON: ${String(error)}` };
  }
  if (!isRecord(data)) return { fault: 'it is no record of an artifact' };
  return { record: data };
}

/** Whether the text of a record is spelled as the program spells it. */
export function isCanonical(text: string, record: ArtifactRecord): boolean {
  return text === recordText(record) || text === canonicalJson(record);
}

function isRecord(data: unknown): data is ArtifactRecord {
  if (typeof data !== 'object' || data === null) return false;
  const fields = data as Partial<Record<keyof ArtifactRecord, unknown>>;
  return (
    isDigest(fields.key) &&
    isDigest(fields.artifact) &&
    typeof fields.build === 'string' &&
    typeof fields.durationMs === 'number' &&
    typeof fields.cpuMs === 'number' &&
    ['undefined', 'boolean'].includes(typeof fields.checkPassed) &&
    'inputs' in fields
  );
}

function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && parseDigest(value) === value;
}
