import type { Problem } from './problem.ts';

/** What a function that can fail as expected gives back: the value, or the problem as data. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** A success. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** A failure that was expected to be possible. */
export function fail(problem: Problem): Result<never> {
  return { ok: false, problem };
}

/** The value, or the problem thrown as a `ProblemError`: for the edges, where a problem ends the run. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new ProblemError(result.problem);
}

/** Carries a problem up to the edge that reports it; everything else that is thrown is a bug. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}
