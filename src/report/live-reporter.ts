import type { TimedEvent } from '#event';
import { drawFrame } from './live-frame.ts';
import { type PlainOptions, plainReporter } from './plain-reporter.ts';
import { RunView } from './run-view.ts';

/** A terminal, as far as the live view needs it; its size may change at any time. */
export type Terminal = { write(text: string): void; readonly columns: number; readonly rows: number };

export type LiveOptions = PlainOptions & {
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
  /** Milliseconds since 1970, on the clock that events have their times from. */
  readonly now: () => number;
};

/** Lines that scroll, and below them a block that says what runs now. */
export type LiveReporter = {
  readonly emit: (event: TimedEvent) => void;
  /** To be called several times a second: draws what is new, and lets times go on. */
  tick(): void;
  /** Draws the block anew: after another size, or when something else wrote to the terminal. */
  redraw(): void;
  /** Takes the block away and gives the cursor back: for the end, and for ^Z. `redraw` brings it again. */
  close(): void;
};

/** However fast events come, the terminal gets no more than twenty frames a second. */
const SHORTEST_FRAME_MS = 50;

/** Times are told to the second. */
const LONGEST_FRAME_MS = 1000;

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_REST_OF_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
// A line that turns out too long for a terminal that just became narrower is cut, and not wrapped.
const NO_WRAP = '\u001b[?7l';
const WRAP = '\u001b[?7h';
// Terminals that know synchronized output show what lies between at once; others pass over it.
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';

/**
 * The live view. Between two frames the cursor stands at the start of the block: whatever the terminal does to its
 * lines when it is resized, the block is what lies from the cursor on. Every frame is one write, and nothing is cleared
 * that is not written again at once, so that nothing flickers.
 */
export function liveReporter(terminal: Terminal, options: LiveOptions): LiveReporter {
  const view = new RunView();
  let above: string[] = [];
  let shown: readonly string[] = [];
  let isNew = false;
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  const plain = plainReporter((line) => void above.push(line), options);
  const draw = (): void => {
    const { columns, rows } = terminal;
    const { unicode, ink } = options;
    const nowMs = options.now();
    const frame = drawFrame(view, { columns, rows, unicode, ink, nowMs });
    if (above.length > 0 || frame.join('\n') !== shown.join('\n')) terminal.write(frameText(above, frame));
    [above, shown, isNew, drawnAtMs] = [[], frame, false, nowMs];
  };
  const age = (): number => options.now() - drawnAtMs;
  return {
    emit: (event) => {
      view.take(event);
      plain(event);
      isNew = true;
      if (age() >= SHORTEST_FRAME_MS) draw();
    },
    tick: () => {
      if (isNew || age() >= LONGEST_FRAME_MS) draw();
    },
    redraw: () => {
      shown = [];
      draw();
    },
    close: () => {
      if (above.length === 0 && shown.length === 0) return;
      terminal.write(frameText(above, []));
      [above, shown] = [[], []];
    },
  };
}

/** What takes the terminal from one frame to the next: lines that scroll away above, and the block. */
function frameText(above: readonly string[], frame: readonly string[]): string {
  const scrolled = above.map((line) => `${line}${CLEAR_REST_OF_LINE}\n`).join('');
  if (frame.length === 0) return `${BEGIN_FRAME}\r${scrolled}${CLEAR_BELOW}${SHOW_CURSOR}${END_FRAME}`;
  const block = frame.map((line) => `${line}${CLEAR_REST_OF_LINE}`).join('\n');
  const back = frame.length === 1 ? '\r' : `\r\u001b[${frame.length - 1}A`;
  return `${BEGIN_FRAME}${HIDE_CURSOR}\r${scrolled}${NO_WRAP}${block}${CLEAR_BELOW}${WRAP}${back}${END_FRAME}`;
}
