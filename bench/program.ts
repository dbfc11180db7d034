import { join } from 'node:path';
import { type Problem, ProblemError } from '#base';
import { type ProgramResult, runProgram } from '#process';

/** The environment of what is measured: nothing of it comes from the person's own but the path. */
export function programEnv(store: string): Record<string, string> {
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin', HOME = '/' } = process.env;
  return { PATH, HOME, BLAZENEURO_STORE: store, NO_COLOR: '1' };
}

/** Runs the program of a checkout to its end, and gives what it printed. Throws the problem when it fails. */
export async function runBlazeneuro(
  checkout: string,
  words: readonly string[],
  place: { readonly store: string; readonly cwd: string; readonly signal: AbortSignal },
): Promise<ProgramResult> {
  const argv = [join(checkout, 'blazeneuro'), ...words];
  const { store, cwd, signal } = place;
  const result = await runProgram({ argv, env: programEnv(store), cwd, signal });
  if (!result.succeeded) throw new ProblemError(failureOf(result, words.join(' ')));
  return result;
}

/** The problem of a program that was to be measured and did not come to a good end. */
export function failureOf(result: ProgramResult, subject: string): Problem {
  const lines = (result.stderr || result.stdout).trimEnd().split('\n').slice(-20);
  return {
    kind: result.outcome === 'cancelled' ? 'interrupted' : 'phase-failed',
    subject,
    message: `${subject} did not end well: ${result.outcome} ${result.exitCode ?? result.signalName ?? ''}`,
    details: lines,
  };
}
