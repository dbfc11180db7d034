import { resolve } from 'node:path';
import { exitCodeOf, type Problem, type Result } from '#base';
import type { Emit } from '#event';
import { quoteArgv } from '#process';
import { type Ink, makeInk, problemLines } from '#report';
import type { Flags } from './flags.ts';
import { hintedEvent, withChosenFlags } from './hinted-commands.ts';
import { logsFolder } from './locations.ts';
import { openReporter, writeLine } from './open-reporter.ts';
import { openTrace } from './open-trace.ts';
import { openRunEvents, withTime } from './run-events.ts';

/** What is done while it is told of; the value is the exit code. */
export type Act = (emit: Emit, stop: AbortSignal) => Promise<Result<number>>;

/**
 * A run ends with the event `finished`, whatever came of it, and keeps its events; a question just answers. A flash
 * begins anew when it was stopped, and what it was writing is lost.
 */
export type CommandKind = 'run' | 'question' | 'flash';

/** Does something and tells of it: reporter, trace, interruption, problems as text, exit code. */
export async function tellRun(flags: Flags, act: Act, kind: CommandKind): Promise<number> {
  const ink = makeInk(flags.color && process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined);
  const trace = flags.trace === undefined ? undefined : openTrace(resolve(flags.trace));
  if (trace?.ok === false) {
    for (const line of problemLines(trace.problem, ink)) writeLine(line);
    return exitCodeOf(trace.problem.kind);
  }
  using openedTrace = trace?.value;
  using reporter = openReporter(flags, ink);
  const show: Emit = (event) => {
    const timed = withTime(event);
    openedTrace?.emit(timed);
    reporter.emit(timed);
  };
  const run = kind === 'run' ? await openRunEvents(show, logsFolder()) : undefined;
  const tell = run?.emit ?? show;
  const emit: Emit = (event) => tell(hintedEvent(event, flags));
  const stop = stopOnSignals(flags, emit, kind);
  let exitCode = 1;
  try {
    const result = await act(emit, stop);
    if (!result.ok) report(result.problem, flags, emit, ink);
    exitCode = result.ok ? result.value : exitCodeOf(result.problem.kind);
  } finally {
    run?.finish(exitCode === 0);
  }
  return exitCode;
}

/** The reporter of people's lines tells the problem by itself; beside JSON lines people still get theirs. */
function report(problem: Problem, flags: Flags, emit: Emit, ink: Ink): void {
  emit({ type: 'problem', problem });
  if (!flags.json) return;
  for (const line of problemLines(withChosenFlags(problem, flags), ink)) writeLine(line);
}

/** The first Ctrl-C stops cleanly; the second ends at once, and the sandboxes end with us. */
function stopOnSignals(flags: Flags, emit: Emit, kind: CommandKind): AbortSignal {
  const stop = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (stop.signal.aborted) {
      // A terminal that is closed hangs up more than once: the kernel does, and the shell that ran in it.
      if (name !== 'SIGHUP') process.exit(130);
      return;
    }
    const message = stoppingWords(kind);
    emit({ type: 'note', level: 'warning', message });
    if (flags.json) writeLine(message);
    stop.abort();
  };
  // A closed terminal hangs up: what runs stops as cleanly as by Ctrl-C.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  return stop.signal;
}

function stoppingWords(kind: CommandKind): string {
  return kind === 'flash'
    ? `Stopping. Again to end at once; a drive that is half-written does not boot. To begin anew: ${ourCommand()}`
    : `Stopping; nothing is lost. Again to end at once. To go on: ${ourCommand()}`;
}

/** How the program was started, in a shell's words. */
function ourCommand(): string {
  return quoteArgv(['blazeneuro', ...process.argv.slice(2)]);
}
