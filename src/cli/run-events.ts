import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';
import type { Emit, Event } from '#event';

/** The events of a run, up to the one that is always the last. */
export type RunEvents = {
  readonly emit: Emit;
  /** Tells `finished`, with what the events before it come to; nothing may be told afterwards. */
  finish(isOk: boolean): Promise<void>;
};

type Tally = { built: number; reused: number; failed: number; cpuMs: number };

/** Passes events on, and writes each into events.jsonl in the logs folder as well, for programs that come later. */
export async function openRunEvents(emit: Emit, logs: HostPath): Promise<RunEvents> {
  const startedAtMs = Date.now();
  const file = await openLog(emit, logs);
  const tally: Tally = { built: 0, reused: 0, failed: 0, cpuMs: 0 };
  const tell: Emit = (event) => {
    if (!file.destroyed) file.write(`${JSON.stringify(event)}\n`);
    count(tally, event);
    emit(event);
  };
  return {
    emit: tell,
    finish: async (isOk) => {
      tell({ type: 'finished', ok: isOk, ...tally, wallMs: Date.now() - startedAtMs });
      await new Promise<void>((resolve) => void file.end(() => resolve()));
    },
  };
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
