import { resolve } from 'node:path';
import { exitCodeOf, fail, ok, type Problem, ProblemError, type Result } from '#base';
import type { Emit } from '#event';
import { makeInk, plainReporter, problemLines } from '#report';
import { buildCommand } from './build-command.ts';
import type { Flags } from './flags.ts';
import { openSession } from './session.ts';

/** Temporary. */
export async function runProgramLine(argv: readonly string[]): Promise<number> {
  const flags: Flags = {
    profile: 'minimal', config: undefined, jobs: 2, keepGoing: argv.includes('--keep-going'), offline: false, check: false, rebuild: [], trace: undefined,
    dryRun: argv.includes('--dry-run'), yes: false, json: false, color: false, quiet: false, verbose: argv.includes('-v'),
  };
  const ink = makeInk(flags.color);
  const emit: Emit = plainReporter((line) => process.stderr.write(`${line}\n`), { ink, quiet: flags.quiet, verbose: flags.verbose });
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const session = await openSession(flags, emit, stop.signal);
  const result = session.ok ? await buildCommand(session.value, argv.filter((word) => !word.startsWith('-'))) : session;
  if (result.ok) return result.value;
  for (const line of problemLines(result.problem, ink)) process.stderr.write(`${line}\n`);
  return exitCodeOf(result.problem.kind);
}
