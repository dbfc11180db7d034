import type { Problem, ProblemKind } from '#base';
import type { Program, ProgramResult } from './program.ts';
import { spawnProgram } from './spawn.ts';

/** Runs one program to its end. Every way of ending is a result; only a bug throws. */
export async function runProgram(program: Program): Promise<ProgramResult> {
  return await spawnProgram(program).ended;
}

/** One sentence on how a program ended: `tar exited with 2`. */
export function describeOutcome(result: ProgramResult): string {
  const name = result.argv[0] ?? '(no program)';
  const seconds = (result.durationMs / 1000).toFixed(1);
  switch (result.outcome) {
    case 'exited':
      return `${name} exited with ${result.exitCode}`;
    case 'killed':
      return `${name} was ended by ${result.signalName}`;
    case 'timed-out':
      return `${name} was stopped after ${seconds} s, its time limit`;
    case 'cancelled':
      return `${name} was stopped after ${seconds} s`;
    case 'too-much-output':
      return `${name} was stopped because it printed more than it may`;
    case 'not-started':
      return `${name} could not be started (${result.errorCode})`;
  }
}

/** The problem that a program's bad end is: what it was about, how it ended, the command to replay, the last lines. */
export function problemOf(
  result: ProgramResult,
  about: {
    readonly kind: ProblemKind;
    readonly subject: string;
    readonly place?: string;
    readonly hint?: string;
  },
): Problem {
  const lastLines = (result.stderr || result.stdout).trimEnd().split('\n').slice(-20);
  return {
    ...about,
    message: `${describeOutcome(result)}.`,
    details: [`$ ${result.commandLine}`, ...lastLines.filter((line) => line !== '')],
  };
}
