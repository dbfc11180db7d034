import { formatDuration } from '#base';
import type { Emit, Event } from '#event';
import type { Ink } from './ink.ts';
import { type PlainOptions, plainReporter } from './plain-reporter.ts';

/** A terminal, as far as a status line needs it. */
export type Terminal = { write(text: string): void; readonly columns: number };

export type LiveOptions = PlainOptions & {
  /** Milliseconds since some start. */
  readonly now: () => number;
};

type Running = { phase: string; readonly startedAtMs: number };

const CLEAR_LINE = '\r\u001b[K';

/**
 * Plain lines, and below them one line that says what runs now. `tick` draws it again, so that times go on; `close`
 * takes it away.
 */
export function liveReporter(
  terminal: Terminal,
  options: LiveOptions,
): { readonly emit: Emit; tick(): void; close(): void } {
  const view = new LiveView(options);
  const draw = (): void => terminal.write(`${CLEAR_LINE}${view.line(terminal.columns)}`);
  const plain = plainReporter((line) => terminal.write(`${CLEAR_LINE}${line}\n`), options);
  return {
    emit: (event) => {
      view.take(event);
      plain(event);
      draw();
    },
    tick: draw,
    close: () => terminal.write(CLEAR_LINE),
  };
}

class LiveView {
  readonly #now: () => number;
  readonly #ink: Ink;
  readonly #running = new Map<string, Running>();
  #total = 0;
  #done = 0;

  constructor(options: LiveOptions) {
    this.#now = options.now;
    this.#ink = options.ink;
  }

  take(event: Event): void {
    switch (event.type) {
      case 'run-started':
        this.#total = event.builds;
        break;
      case 'action-started':
        this.#running.set(event.build, { phase: 'start', startedAtMs: this.#now() });
        break;
      case 'phase-started': {
        const running = this.#running.get(event.build);
        if (running !== undefined) running.phase = event.phase;
        break;
      }
      case 'action-finished':
        this.#running.delete(event.build);
        this.#done += 1;
        break;
      case 'source-started':
        this.#running.set(event.name, { phase: `from ${event.origin}`, startedAtMs: this.#now() });
        break;
      case 'source-finished':
        this.#running.delete(event.name);
        break;
      case 'step-started':
        this.#running.set(event.step, { phase: '', startedAtMs: this.#now() });
        break;
      case 'step-finished':
        this.#running.delete(event.step);
        break;
    }
  }

  /** What runs, cut to the width of the terminal; empty when nothing does. */
  line(columns: number): string {
    if (this.#running.size === 0) return '';
    const parts = [...this.#running].map(([name, { phase, startedAtMs }]) =>
      [name, phase, formatDuration(this.#now() - startedAtMs)].filter((part) => part !== '').join(' '),
    );
    const count = this.#total === 0 ? '' : `[${this.#done}/${this.#total}] `;
    return this.#ink.dim(`${count}${parts.join(' · ')}`.slice(0, Math.max(columns - 1, 0)));
  }
}
