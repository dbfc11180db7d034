import { canonicalJson, type Digest, digestOfBytes, parseDigest } from '#base';
import type { ArtifactRecord } from './store.ts';

/** What was read: a record, or why the text is none. */
export type ReadRecord =
  | { readonly record: ArtifactRecord; readonly fault?: undefined }
  | { readonly record?: undefined; readonly fault: string };

/** Stands last, so that the digest covers all before it: a flipped bit shows without parsing. */
const DIGEST_FIELD = /,"recordDigest":"([0-9a-f]{64})"\}$/;

/** Data as the store keeps it: canonical JSON that ends with the digest of all before it. */
export function sealedText(data: object): string {
  const text = canonicalJson(data);
  return `${text.slice(0, -1)},"recordDigest":"${digestOfBytes(text)}"}`;
}

/** Reads what `sealedText` wrote, or plain JSON of programs before that rule. What is damaged is told by its fault. */
export function readSealed(text: string): { readonly data?: unknown; readonly fault?: string } {
  const recorded = DIGEST_FIELD.exec(text);
  const body = recorded === null ? text : `${text.slice(0, recorded.index)}}`;
  if (recorded !== null && recorded[1] !== digestOfBytes(body)) {
    return { fault: 'its bytes are not those that were written: its own digest says so' };
  }
  try {
    return { data: JSON.parse(body) };
  } catch (error) {
    return { fault: `it is no JSON: ${String(error)}` };
  }
}

/** Reads the record of an artifact; text of another origin, or damaged, is told by its fault. */
export function readRecordText(text: string): ReadRecord {
  const { data, fault } = readSealed(text);
  if (fault !== undefined) return { fault };
  return isRecord(data) ? { record: data } : { fault: 'it is no record of an artifact' };
}

/** Whether the text of a record is spelled as the program spells it. */
export function isCanonical(text: string, record: ArtifactRecord): boolean {
  return text === sealedText(record) || text === canonicalJson(record);
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
    ['undefined', 'number'].includes(typeof fields.checkedAtMs) &&
    (fields.checkDigest === undefined || isDigest(fields.checkDigest)) &&
    'inputs' in fields
  );
}

function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && parseDigest(value) === value;
}
