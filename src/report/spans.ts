import type { ActionOutcome, TimedEvent } from '#event';

/** Something that took time in a run; times in milliseconds since 1970. */
export type Span = {
  readonly kind: 'build' | 'phase' | 'source' | 'step';
  /** Of a build, a source or a step; of a phase, its own. */
  readonly name: string;
  /** The row it lies in: no two builds that ran at the same time share one, nor two sources. Counted from 0. */
  readonly row: number;
  readonly startMs: number;
  readonly endMs: number;
  /** The build of a phase; a build is its own. */
  readonly build?: string;
  readonly cpuMs?: number;
  /** How a build ended; absent when it was broken off. */
  readonly outcome?: ActionOutcome;
};

type Open = { readonly row: number; readonly startMs: number; phase?: OpenPhase | undefined };
type OpenPhase = { readonly name: string; readonly startMs: number };

/** Makes spans of events: each is told when it ends, phases before their build. */
export class SpanTracker {
  readonly #tell: (span: Span) => void;
  readonly #builds = new Map<string, Open>();
  readonly #sources = new Map<string, Open>();
  readonly #steps = new Map<string, Open>();

  constructor(tell: (span: Span) => void) {
    this.#tell = tell;
  }

  take(event: TimedEvent): void {
    const { atMs } = event;
    switch (event.type) {
      case 'action-started':
        begin(this.#builds, event.build, atMs);
        return;
      case 'phase-started':
        this.#endPhase(event.build, atMs);
        this.#beginPhase(event.build, { name: event.phase, startMs: atMs });
        return;
      case 'phase-finished':
        this.#takePhase(event);
        return;
      case 'action-finished': {
        const { outcome, cpuMs } = event;
        this.#endBuild(event.build, atMs, { outcome, cpuMs });
        return;
      }
      case 'source-started':
        begin(this.#sources, event.name, atMs);
        return;
      case 'source-finished':
        this.#end(this.#sources, 'source', event.name, atMs);
        return;
      case 'step-started':
        begin(this.#steps, event.step, atMs);
        return;
      case 'step-finished':
        this.#end(this.#steps, 'step', event.step, atMs);
        return;
    }
  }

  /** Ends whatever is still open: a run that was broken off. */
  end(atMs: number): void {
    for (const build of [...this.#builds.keys()]) this.#endBuild(build, atMs, {});
    for (const name of [...this.#sources.keys()]) this.#end(this.#sources, 'source', name, atMs);
    for (const name of [...this.#steps.keys()]) this.#end(this.#steps, 'step', name, atMs);
  }

  /** A phase may be told of at its end only, as packing is. */
  #takePhase(event: Extract<TimedEvent, { type: 'phase-finished' }>): void {
    const open = this.#builds.get(event.build);
    if (open === undefined) return;
    if (open.phase?.name !== event.phase) {
      const startMs = Math.max(event.atMs - event.durationMs, open.phase?.startMs ?? open.startMs);
      this.#endPhase(event.build, startMs);
      this.#beginPhase(event.build, { name: event.phase, startMs });
    }
    this.#endPhase(event.build, event.atMs, event.cpuMs);
  }

  #beginPhase(build: string, phase: OpenPhase): void {
    const open = this.#builds.get(build);
    if (open !== undefined) open.phase = phase;
  }

  #endPhase(build: string, endMs: number, cpuMs?: number): void {
    const open = this.#builds.get(build);
    if (open?.phase === undefined) return;
    const { name, startMs } = open.phase;
    open.phase = undefined;
    const times = { startMs, endMs, ...(cpuMs === undefined ? {} : { cpuMs }) };
    this.#tell({ kind: 'phase', name, build, row: open.row, ...times });
  }

  #endBuild(build: string, endMs: number, more: Pick<Span, 'outcome' | 'cpuMs'>): void {
    const open = this.#builds.get(build);
    if (open === undefined) return;
    this.#endPhase(build, endMs);
    this.#builds.delete(build);
    this.#tell({ kind: 'build', name: build, build, row: open.row, startMs: open.startMs, endMs, ...more });
  }

  #end(opens: Map<string, Open>, kind: 'source' | 'step', name: string, endMs: number): void {
    const open = opens.get(name);
    if (open === undefined) return;
    opens.delete(name);
    this.#tell({ kind, name, row: open.row, startMs: open.startMs, endMs });
  }
}

function begin(opens: Map<string, Open>, name: string, startMs: number): void {
  const taken = new Set([...opens.values()].map(({ row }) => row));
  let row = 0;
  while (taken.has(row)) row += 1;
  opens.set(name, { row, startMs });
}
