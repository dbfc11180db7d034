import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { exitCodeOf, isErrno, type Problem, ProblemError, type Result } from '#base';
import type { Emit } from '#event';
import { type Ink, liveReporter, makeInk, plainReporter, problemLines } from '#report';
import type { Flags } from './flags.ts';
import { logsFolder, storeFolder } from './locations.ts';
import { openSession, type Session } from './session.ts';

/** What a command does with an open session; the value is its exit code. */
export type Handler = (session: Session) => Promise<Result<number>>;

/** Runs a command: reporter, interruption, problems as text, exit code. */
export async function runCommand(flags: Flags, handler: Handler): Promise<number> {
  const ink = makeInk(flags.color && process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined);
  using reporter = openReporter(flags, ink);
  const { emit } = reporter;
  const stop = stopOnSignals(ink);
  try {
    const config = flags.config === undefined ? undefined : resolve(flags.config);
    const session = await openSession({ ...flags, config }, emit, stop);
    const result = session.ok ? await handler(session.value) : session;
    return result.ok ? result.value : report(result.problem, flags, emit, ink);
  } catch (error) {
    if (error instanceof ProblemError) return report(error.problem, flags, emit, ink);
    if (isErrno(error, 'ENOSPC')) return report(noSpace(error), flags, emit, ink);
    throw error;
  }
}

/** Also writes every event of a run into logs/events.jsonl, for programs that come later. */
export async function teeEvents(emit: Emit): Promise<Emit> {
  await mkdir(logsFolder(), { recursive: true });
  const file = createWriteStream(join(logsFolder(), 'events.jsonl'));
  return (event) => {
    file.write(`${JSON.stringify(event)}\n`);
    emit(event);
  };
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
function noSpace(error: unknown): Problem {
  const { path, message } = error as NodeJS.ErrnoException;
  const store = storeFolder(process.env);
  return {
    kind: 'no-space',
    subject: path ?? store,
    message: `No space is left on a disk: ${message}`,
    hint: `Free some where the store (${store}) and out/ lie, or put the store elsewhere: BLAZENEURO_STORE. Then run the same command again`,
  };
}

function report(problem: Problem, flags: Flags, emit: Emit, ink: Ink): number {
  if (flags.json) emit({ type: 'problem', problem });
  for (const line of problemLines(problem, ink)) writeLine(line);
  return exitCodeOf(problem.kind);
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
