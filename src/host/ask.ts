import type { ProgramResult } from '#process';
import { PROGRAM_FOLDERS } from './find-program.ts';

/** What programs of the host see: nothing of the person's own environment, so that their answers are always the same. */
const ENVIRONMENT = { PATH: PROGRAM_FOLDERS.join(':'), LC_ALL: 'C' } as const;

/** No question to a program of the host takes longer, even on a machine that is busy with much else. */
const TIME_LIMIT_MS = 300_000;

/** Runs a program of the host to learn something from it. */
export async function ask(argv: readonly string[]): Promise<ProgramResult> {
  // Loaded when needed: an answer that is cached needs no program, and then a no-op build does without this.
  const { runProgram } = await import('#process');
  return runProgram({ argv, env: ENVIRONMENT, timeLimitMs: TIME_LIMIT_MS });
}

/** The first line that a program printed, wherever it printed it: bzip2 tells its version to stderr. */
export function firstLine(answer: Pick<ProgramResult, 'stdout' | 'stderr'>): string {
  const text = answer.stdout.trim() === '' ? answer.stderr : answer.stdout;
  return text.trim().split('\n')[0]?.trim() ?? '';
}

/** What a failed program said last, as one line for people. */
export function lastLine(answer: ProgramResult): string {
  const said = answer.stderr.trim().split('\n').at(-1)?.trim() ?? '';
  return said === '' ? `${answer.commandLine}: ${answer.outcome} ${answer.exitCode ?? ''}`.trim() : said;
}
