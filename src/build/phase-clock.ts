import { readPhaseLine, readTimesLine } from './phases-script.ts';

/** What one phase of a build spent, in milliseconds. */
export type PhaseTimes = { readonly wallMs: number; readonly cpuMs: number };

/** Follows what the script says of its phases, line by line. */
export class PhaseClock {
  readonly #tell: {
    readonly begun: (phase: string) => void;
    readonly finished: (phase: string, times: PhaseTimes) => void;
  };
  /** The phase that runs; undefined before the first one and after the last. */
  #running: string | undefined;
  #beganAtMs = 0;
  #cpuMsBefore = 0;
  /** What was begun last, until both lines of its `times` have come. */
  #beginning:
    | { readonly phase: string; readonly atMs: number; readonly cpuMs: readonly number[] }
    | undefined;

  constructor(tell: {
    readonly begun: (phase: string) => void;
    readonly finished: (phase: string, times: PhaseTimes) => void;
  }) {
    this.#tell = tell;
  }

  /** CPU time of everything that ran until the last phase began or ended, in milliseconds. */
  get cpuMs(): number {
    return this.#cpuMsBefore;
  }

  /** The phase that runs; for an ended script, the one in which it ended. */
  get phase(): string | undefined {
    return this.#running;
  }

  /** Takes one line; those that say nothing of phases are passed over. */
  read(line: string): void {
    const begun = readPhaseLine(line);
    if (begun !== undefined) {
      this.#beginning = { ...begun, cpuMs: [] };
      return;
    }
    const spentMs = readTimesLine(line);
    if (spentMs === undefined || this.#beginning === undefined) return;
    const { phase, atMs, cpuMs } = this.#beginning;
    const [own, ofChildren] = [...cpuMs, spentMs];
    this.#beginning = { phase, atMs, cpuMs: [...cpuMs, spentMs] };
    // `times` says two lines: of the shell itself, and of what it waited for.
    if (own === undefined || ofChildren === undefined) return;
    this.#beginning = undefined;
    this.#turnTo(phase, atMs, own + ofChildren);
  }

  #turnTo(phase: string, atMs: number, cpuMs: number): void {
    const [ended, wallMs, spentMs] = [this.#running, atMs - this.#beganAtMs, cpuMs - this.#cpuMsBefore];
    this.#beganAtMs = atMs;
    this.#cpuMsBefore = cpuMs;
    this.#running = phase === 'done' ? undefined : phase;
    if (ended !== undefined) this.#tell.finished(ended, { wallMs: Math.round(wallMs), cpuMs: spentMs });
    if (this.#running !== undefined) this.#tell.begun(this.#running);
  }
}
