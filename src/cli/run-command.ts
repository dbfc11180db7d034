import { resolve } from 'node:path';
import { fail, isNoSpace, type Problem, ProblemError, type Result } from '#base';
import type { Emit } from '#event';
import { type EditCommand, openEditSession } from './edit-session.ts';
import type { Flags } from './flags.ts';
import { storeFolder } from './locations.ts';
import { openSession, type Session } from './session.ts';
import { type CommandKind, tellRun } from './told-run.ts';

/** What a command does with an open session; the value is its exit code. */
export type Handler = (session: Session) => Promise<Result<number>>;

/** Runs a command, and tells of it. Gives its exit code. */
export function runCommand(flags: Flags, command: Handler | EditCommand, kind: CommandKind): Promise<number> {
  const config = flags.config === undefined ? undefined : resolve(flags.config);
  const run = typeof command === 'function' ? withSession(command) : withEditSession(command);
  return tellRun(flags, (emit, stop) => guarded(() => run({ ...flags, config }, emit, stop), stop), kind);
}

type Run = (flags: Flags, emit: Emit, stop: AbortSignal) => Promise<Result<number>>;

function withSession(handler: Handler): Run {
  return async (flags, emit, stop) => {
    const session = await openSession(flags, emit, stop);
    return session.ok ? handler(session.value) : session;
  };
}

function withEditSession({ edit }: EditCommand): Run {
  return async (flags, emit, stop) => {
    const session = await openEditSession(flags, emit, stop);
    return session.ok ? edit(session.value) : session;
  };
}

async function guarded(act: () => Promise<Result<number>>, stop: AbortSignal): Promise<Result<number>> {
  try {
    const result = await act();
    // What our own stop broke off is no failure of its own.
    return !result.ok && stop.aborted ? fail(interruption(result.problem)) : result;
  } catch (error) {
    if (error instanceof ProblemError) return fail(error.problem);
    if (isNoSpace(error)) return fail(noSpaceLeft(error));
    throw error;
  }
}

/** The one failure that every write can meet. Nothing half-written is ever taken for whole, so nothing is lost. */
function noSpaceLeft(error: unknown): Problem {
  const { path, message } = error as NodeJS.ErrnoException;
  const store = storeFolder(process.env);
  return {
    kind: 'no-space',
    subject: path ?? store,
    message: `No space is left on a disk: ${message}`,
    hint: `Free some where the store (${store}) and out/ lie, or put the store elsewhere: BLAZENEURO_STORE. Then run the same command again`,
  };
}

function interruption(problem: Problem): Problem {
  if (problem.kind === 'interrupted') return problem;
  return {
    kind: 'interrupted',
    subject: problem.subject,
    message: 'The run was interrupted',
    details: [problem.message],
    hint: 'Run the same command again: it goes on where it was',
  };
}
