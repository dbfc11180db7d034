import type { TimedEvent } from '#event';
import { type Span, SpanTracker } from './spans.ts';

/** An entry of a trace in Chrome's format (Trace Event Format, JSON array): what Perfetto and chrome://tracing read. */
type Entry = {
  readonly name: string;
  readonly ph: 'X' | 'C' | 'M';
  /** Microseconds since the first event. */
  readonly ts?: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  readonly args?: Readonly<Record<string, unknown>>;
};

/** Chrome's "processes" are groups of rows here. */
const GROUPS: Readonly<Record<Span['kind'], { readonly pid: number; readonly name: string }>> = {
  build: { pid: 1, name: 'builds' },
  phase: { pid: 1, name: 'builds' },
  source: { pid: 2, name: 'sources' },
  step: { pid: 3, name: 'steps' },
};

const USAGE_PID = 4;

/**
 * Writes a run as a trace, piece by piece. `close` completes the file, and gives what is still open the length that it
 * has by then; it may be called again.
 */
export function traceReporter(write: (text: string) => void): {
  readonly emit: (event: TimedEvent) => void;
  close(atMs: number): void;
} {
  const rows = new Set<string>();
  let startMs: number | undefined;
  let isClosed = false;
  const put = (entry: Entry): void => write(`,\n${JSON.stringify(entry)}`);
  const tracker = new SpanTracker((span) => {
    nameRow(span, rows, put);
    put(entryOf(span, startMs ?? span.startMs));
  });
  return {
    emit: (event) => {
      if (isClosed) return;
      if (startMs === undefined) {
        startMs = event.atMs;
        write(`[\n${JSON.stringify(groupName(USAGE_PID, 'use of the machine'))}`);
      }
      tracker.take(event);
      if (event.type === 'usage') for (const entry of usageEntries(event, startMs)) put(entry);
    },
    close: (atMs) => {
      if (isClosed) return;
      tracker.end(atMs);
      isClosed = true;
      write(startMs === undefined ? '[]\n' : '\n]\n');
    },
  };
}

function entryOf({ kind, name, row, startMs, endMs, build, cpuMs, outcome }: Span, zeroMs: number): Entry {
  const facts = {
    ...(kind === 'phase' ? { build } : {}),
    ...(cpuMs === undefined ? {} : { cpuMs }),
    ...(kind === 'build' ? { outcome: outcome ?? 'broken off' } : {}),
  };
  return {
    name,
    cat: kind,
    ph: 'X',
    ts: microseconds(startMs - zeroMs),
    dur: microseconds(endMs - startMs),
    pid: GROUPS[kind].pid,
    tid: row,
    args: facts,
  };
}

function usageEntries(event: Extract<TimedEvent, { type: 'usage' }>, zeroMs: number): Entry[] {
  const at = { ph: 'C', ts: microseconds(event.atMs - zeroMs), pid: USAGE_PID, tid: 0 } as const;
  return [
    { name: 'cores busy', ...at, args: { cores: event.coresBusy } },
    { name: 'memory', ...at, args: { MiB: Math.round(event.memoryBytes / 1024 ** 2) } },
  ];
}

/** Names groups and rows where they first appear. */
function nameRow({ kind, row }: Span, named: Set<string>, put: (entry: Entry) => void): void {
  const { pid, name } = GROUPS[kind];
  if (!named.has(name)) put(groupName(pid, name));
  if (!named.has(`${name} ${row}`)) {
    put({ name: 'thread_name', ph: 'M', pid, tid: row, args: { name: `slot ${row + 1}` } });
  }
  named.add(name).add(`${name} ${row}`);
}

function groupName(pid: number, name: string): Entry {
  return { name: 'process_name', ph: 'M', pid, tid: 0, args: { name } };
}

function microseconds(durationMs: number): number {
  return Math.round(durationMs * 1000);
}
