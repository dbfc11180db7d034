import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';
import type { Emit, Event, TimedEvent } from '#event';
import { SummaryCollector } from '#report';
import { eventClock } from './event-clock.ts';

/** The events of a run, up to the one that is always the last. */
export type RunEvents = {
  readonly emit: Emit;
  /** Tells `summary` and `finished`: what the events before come to. Nothing may be told afterwards. */
  finish(isOk: boolean): Promise<void>;
};

type Tally = { built: number; reused: number; failed: number; cpuMs: number };

/** Passes events on, and writes each into events.jsonl in the logs folder as well, for programs that come later. */
export async function openRunEvents(emit: Emit, logs: HostPath): Promise<RunEvents> {
  const startedAtMs = eventClock();
  const file = await openLog(emit, logs);
  const tally: Tally = { built: 0, reused: 0, failed: 0, cpuMs: 0 };
  const collector = new SummaryCollector();
  const tell: Emit = (event) => {
    const timed = withTime(event);
    if (!file.destroyed) file.write(`${JSON.stringify(timed)}\n`);
    count(tally, event);
    collector.take(timed);
    emit(timed);
  };
  return {
    emit: tell,
    finish: async (isOk) => {
      const summary = collector.summary();
      if (summary !== undefined) tell(summary);
      tell({ type: 'finished', ok: isOk, ...tally, wallMs: eventClock() - startedAtMs });
      await new Promise<void>((resolve) => void file.end(() => resolve()));
    },
  };
}

/** The event with its time; one that has it keeps it. */
export function withTime(event: Event | TimedEvent): TimedEvent {
  return 'atMs' in event ? event : { ...event, atMs: eventClock() };
}

async function openLog(emit: Emit, logs: HostPath): Promise<WriteStream> {
  await mkdir(logs, { recursive: true });
  const path = join(logs, 'events.jsonl');
  const file = createWriteStream(path);
  // A run does not fail because of its diary.
  file.once('error', ({ message }) => {
    emit({ type: 'note', level: 'warning', message: `${path} is not complete: ${message}` });
  });
  return file;
}

function count(tally: Tally, event: Event): void {
  if (event.type !== 'action-finished') return;
  tally.cpuMs += event.cpuMs;
  if (event.outcome !== 'stopped') tally[event.outcome] += 1;
}
