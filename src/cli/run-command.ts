import { resolve } from 'node:path';
import { exitCodeOf, fail, isNoSpace, type Problem, ProblemError, type Result } from '#base';
import type { Emit } from '#event';
import { type Ink, liveReporter, makeInk, plainReporter, problemLines } from '#report';
import type { Flags } from './flags.ts';
import { logsFolder, storeFolder } from './locations.ts';
import { openRunEvents } from './run-events.ts';
import { openSession, type Session } from './session.ts';

/** What a command does with an open session; the value is its exit code. */
export type Handler = (session: Session) => Promise<Result<number>>;

/** A run ends with the event `finished`, whatever came of it, and keeps its events; a question just answers. */
export type CommandKind = 'run' | 'question';

/** Runs a command: reporter, interruption, problems as text, exit code. */
export async function runCommand(flags: Flags, handler: Handler, kind: CommandKind): Promise<number> {
  const ink = makeInk(flags.color && process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined);
  using reporter = openReporter(flags, ink);
  const run = kind === 'run' ? await openRunEvents(reporter.emit, logsFolder()) : undefined;
  const emit = run?.emit ?? reporter.emit;
  const stop = stopOnSignals(ink);
  let exitCode = 1;
  try {
    const result = await inSession(flags, handler, emit, stop);
    if (!result.ok) report(result.problem, flags, emit, ink);
    exitCode = result.ok ? result.value : exitCodeOf(result.problem.kind);
  } finally {
    await run?.finish(exitCode === 0);
  }
  return exitCode;
}

async function inSession(
  flags: Flags,
  handler: Handler,
  emit: Emit,
  stop: AbortSignal,
): Promise<Result<number>> {
  const config = flags.config === undefined ? undefined : resolve(flags.config);
  try {
    const session = await openSession({ ...flags, config }, emit, stop);
    const result = session.ok ? await handler(session.value) : session;
    // What our own stop broke off is no failure of its own.
    return !result.ok && stop.aborted ? fail(interruption(result.problem)) : result;
  } catch (error) {
    if (error instanceof ProblemError) return fail(error.problem);
    if (isNoSpace(error)) return fail(noSpaceLeft(error));
    throw error;
  }
}

/** JSON lines for programs; for people plain lines, and on a terminal a line below that says what runs. */
function openReporter(flags: Flags, ink: Ink): { readonly emit: Emit; [Symbol.dispose](): void } {
  const options = { ink, quiet: flags.quiet, verbose: flags.verbose };
  if (flags.json) return { emit: writeJsonLine, [Symbol.dispose]: () => {} };
  if (process.stderr.isTTY !== true) {
    return { emit: plainReporter(writeLine, options), [Symbol.dispose]: () => {} };
  }
  const terminal = {
    write: (text: string) => void process.stderr.write(text),
    get columns() {
      return process.stderr.columns;
    },
  };
  const live = liveReporter(terminal, { ...options, now: () => performance.now() });
  const timer = setInterval(live.tick, 1000);
  timer.unref();
  return {
    emit: live.emit,
    [Symbol.dispose]: () => {
      clearInterval(timer);
      live.close();
    },
  };
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

/** The reporter of people's lines tells the problem by itself; beside JSON lines people still get theirs. */
function report(problem: Problem, flags: Flags, emit: Emit, ink: Ink): void {
  emit({ type: 'problem', problem });
  if (!flags.json) return;
  for (const line of problemLines(problem, ink)) writeLine(line);
}

/** The first Ctrl-C stops cleanly; the second ends at once, and the sandboxes end with us. */
function stopOnSignals(ink: Ink): AbortSignal {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130);
    writeLine(ink.warn('Stopping; nothing is lost. Again to end at once. Run the same command to go on.'));
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop.signal;
}

function writeLine(line: string): void {
  process.stderr.write(`${line}\n`);
}

const writeJsonLine: Emit = (event) => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
};
