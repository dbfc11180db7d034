import { closeSync, openSync, writeSync } from 'node:fs';
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
  finish(isOk: boolean): void;
};

type Tally = { built: number; reused: number; failed: number; cpuMs: number };

/** Passes events on, and writes each into events.jsonl in the logs folder as well, for programs that come later. */
export async function openRunEvents(emit: Emit, logs: HostPath): Promise<RunEvents> {
  const startedAtMs = eventClock();
  await mkdir(logs, { recursive: true });
  const diary = openDiary(join(logs, 'events.jsonl'), emit);
  const tally: Tally = { built: 0, reused: 0, failed: 0, cpuMs: 0 };
  const collector = new SummaryCollector();
  const tell: Emit = (event) => {
    const timed = withTime(event);
    diary.write(timed);
    count(tally, event);
    collector.take(timed);
    emit(timed);
  };
  return {
    emit: tell,
    finish: (isOk) => {
      const summary = collector.summary();
      if (summary !== undefined) tell(summary);
      tell({ type: 'finished', ok: isOk, ...tally, wallMs: eventClock() - startedAtMs });
      diary.close();
    },
  };
}

/** The event with its time; one that has it keeps it. */
export function withTime(event: Event | TimedEvent): TimedEvent {
  return 'atMs' in event ? event : { ...event, atMs: eventClock() };
}

/** Written at once, line by line: what was told is there, however the program ends. */
function openDiary(path: HostPath, emit: Emit): { write(event: TimedEvent): void; close(): void } {
  let file: number | undefined;
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      // A run does not fail because of its diary.
      file = undefined;
      const message = `${path} is not complete: ${(error as Error).message}`;
      emit({ type: 'note', level: 'warning', message });
    }
  };
  attempt(() => {
    file = openSync(path, 'w');
  });
  return {
    write: (event) => {
      const open = file;
      if (open !== undefined) attempt(() => void writeSync(open, `${JSON.stringify(event)}\n`));
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function count(tally: Tally, event: Event): void {
  if (event.type !== 'action-finished') return;
  tally.cpuMs += event.cpuMs;
  if (event.outcome !== 'stopped') tally[event.outcome] += 1;
}
