import type { Problem } from '#base';
import type { ProgramResult } from '#process';
import type { Enclosure } from './enclosure.ts';
import type { ExecutionOptions } from './execution-options.ts';
import { phaseProblem } from './phase-problem.ts';
import type { Workplace } from './workplace.ts';

/** One build while it runs: what all that runs for it has in common, sandboxes and programs of our own. */
export type Execution = {
  readonly build: string;
  readonly place: Workplace;
  readonly options: ExecutionOptions;
  readonly enclosure: Enclosure;
  readonly logFd: number;
};

/** What ends it early: who asked for the build, or its enclosure. */
export function stoppedBy({ options: { signal }, enclosure }: Execution): AbortSignal {
  return signal === undefined ? enclosure.signal : AbortSignal.any([signal, enclosure.signal]);
}

/** Why a program of it failed: an interruption, else a limit, else what the log says. */
export async function whyFailed(
  result: ProgramResult,
  phase: string,
  execution: Execution,
): Promise<Problem> {
  const { build, place, options, enclosure } = execution;
  if (result.outcome === 'cancelled' && options.signal?.aborted === true) return interrupted(build);
  const failed = await phaseProblem(build, phase, result, place, options.store);
  const exceeded = await enclosure.exceeded(result, phase);
  return exceeded === undefined ? failed : { details: failed.details ?? [], ...exceeded };
}

function interrupted(build: string): Problem {
  return {
    kind: 'interrupted',
    subject: build,
    message: `${build} was interrupted`,
    hint: 'Run the same command again: it goes on with this build',
  };
}
