import type { BuildName } from '#plan';

/** A build that could start, with the memory that it is expected to take, in bytes. */
export type Candidate = { readonly name: BuildName; readonly expectedBytes: number };

/**
 * The first candidate whose memory fits beside what runs. A smaller one further back may pass one that does not fit;
 * where nothing runs, the first may start however large it is.
 */
export function firstThatFits(
  candidates: readonly Candidate[],
  runningBytes: readonly number[],
  budgetBytes: number,
): BuildName | undefined {
  if (runningBytes.length === 0) return candidates[0]?.name;
  const leftBytes = budgetBytes - runningBytes.reduce((sum, bytes) => sum + bytes, 0);
  return candidates.find(({ expectedBytes }) => expectedBytes <= leftBytes)?.name;
}
