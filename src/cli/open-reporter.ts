import type { TimedEvent } from '#event';
import { type Every, type Ink, linesReporter, liveReporter } from '#report';
import { eventClock } from './event-clock.ts';
import type { Flags } from './flags.ts';

/** What shows events to whoever started the program, until it is closed. */
export type OpenReporter = Disposable & { readonly emit: (event: TimedEvent) => void };

/** How often the live view looks whether there is something new to draw. */
const TICK_MS = 200;

/**
 * JSON lines for programs. For people a live view on a terminal, and plain lines elsewhere, where the terminal can do
 * no more, and where they asked for little.
 */
export function openReporter(flags: Flags, ink: Ink): OpenReporter {
  if (flags.json) return { emit: writeJsonLine, [Symbol.dispose]: () => {} };
  const options = { ink, quiet: flags.quiet, verbose: flags.verbose, now: eventClock };
  const canLive = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  if (!canLive || flags.quiet) return linesReporter(writeLine, { ...options, every });
  return openLive(options);
}

/** A line for people. */
export function writeLine(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Whether a terminal of this environment shows more than ASCII (locale(7): the first that is set decides). */
export function showsUnicode(env: NodeJS.ProcessEnv): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return /utf-?8/i.test(locale ?? '');
}

function openLive(options: {
  readonly ink: Ink;
  readonly quiet: boolean;
  readonly verbose: boolean;
  now(): number;
}): OpenReporter {
  let isLost = false;
  const terminal = {
    write: (text: string) => {
      if (!isLost) process.stderr.write(text);
    },
    // A terminal that does not know its size says 0.
    get columns() {
      return process.stderr.columns || 80;
    },
    get rows() {
      return process.stderr.rows || 24;
    },
  };
  const live = liveReporter(terminal, { ...options, unicode: showsUnicode(process.env) });
  // A run goes on without the terminal that it was started on, when whoever closed it lets it.
  const lose = (): void => {
    isLost = true;
  };
  // Whatever way the program ends, the terminal is left as it was found.
  const listeners: readonly (readonly [NodeJS.EventEmitter, string, () => void])[] = [
    [process.stderr, 'error', lose],
    [process.stderr, 'resize', live.redraw],
    [process, 'exit', live.close],
    // What a bug throws is printed where the block was.
    [process, 'uncaughtExceptionMonitor', live.close],
    [process, 'SIGTSTP', () => pause(live.close)],
    [process, 'SIGCONT', live.redraw],
  ];
  for (const [emitter, name, listener] of listeners) emitter.on(name, listener);
  const timer = every(TICK_MS, live.tick);
  return {
    emit: live.emit,
    [Symbol.dispose]: () => {
      timer[Symbol.dispose]();
      live.close();
      for (const [emitter, name, listener] of listeners) emitter.off(name, listener);
    },
  };
}

/** ^Z: the shell gets its terminal back as it was; running builds have process groups of their own, and go on. */
function pause(close: () => void): void {
  close();
  process.kill(process.pid, 'SIGSTOP');
}

/** Does not keep the program alive. */
const every: Every = (periodMs, act) => {
  const timer = setInterval(act, periodMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
};

/** In one write: a line is there whole, or not at all. */
function writeJsonLine(event: TimedEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
