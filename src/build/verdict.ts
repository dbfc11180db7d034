import { type Digest, digestOfBytes } from '#base';
import type { PlannedBuild } from '#plan';
import type { ArtifactRecord } from '#store';

/** What came of a package's own tests, as they stand in its recipe now. */
export type Verdict = { readonly passed: boolean; readonly atMs: number };

type RecordedVerdict = Pick<ArtifactRecord, 'checkPassed' | 'checkedAtMs' | 'checkDigest'>;

/** The verdict in a record; undefined when the tests have not run, or others than the recipe has now. */
export function verdictOf(
  { check }: Pick<PlannedBuild, 'check'>,
  { checkPassed: passed, checkedAtMs: atMs, checkDigest }: RecordedVerdict,
): Verdict | undefined {
  if (check === undefined || passed === undefined || atMs === undefined) return undefined;
  return checkDigest === digestOfBytes(check) ? { passed, atMs } : undefined;
}

/** What a record says of tests that have just run; undefined when they did not. */
export function freshVerdict(
  { check }: Pick<PlannedBuild, 'check'>,
  passed: boolean | undefined,
): RecordedVerdict | undefined {
  if (check === undefined || passed === undefined) return undefined;
  return { checkPassed: passed, checkedAtMs: Date.now(), checkDigest: digestOfBytes(check) };
}

/** The verdict of an earlier run, where it made the same artifact: building it again untested takes nothing away. */
export function keptVerdict(earlier: ArtifactRecord | undefined, artifact: Digest): RecordedVerdict {
  if (earlier?.artifact !== artifact) return {};
  const { checkPassed, checkedAtMs, checkDigest } = earlier;
  return Object.fromEntries(
    Object.entries({ checkPassed, checkedAtMs, checkDigest }).filter(([, value]) => value !== undefined),
  );
}
