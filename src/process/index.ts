/**
 * Runs one program by its argv, never through a shell: environment, streams, time limit, and the end of the
 * whole process group. Not a sandbox and not a scheduler. Invariant: how a program ends is a result, never thrown.
 */
export type {
  InputFile,
  InputText,
  LiveProgram,
  OpenFile,
  Output,
  OutputFile,
  Program,
  ProgramOutcome,
  ProgramResult,
} from './program.ts';
export { quoteArgv, quoteWord } from './quote-argv.ts';
export { describeOutcome, problemOf, runProgram } from './run-program.ts';
export { type RunningProgram, readLines, startProgram } from './start-program.ts';
