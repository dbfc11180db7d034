import { closeSync, openSync, writeSync } from 'node:fs';
import { fail, type HostPath, ok, type Result } from '#base';
import type { TimedEvent } from '#event';
import { traceReporter } from '#report';
import { eventClock } from './event-clock.ts';

/** A trace that is being written; disposing completes its file. */
export type OpenTrace = Disposable & { readonly emit: (event: TimedEvent) => void };

/**
 * Opens the file of `--trace`. It is written at once, piece by piece, and completed on every way out that leaves us a
 * moment. Problem: it cannot be written.
 */
export function openTrace(path: HostPath): Result<OpenTrace> {
  let file: number;
  try {
    file = openSync(path, 'w');
  } catch (error) {
    return fail({
      kind: 'wrong-usage',
      subject: path,
      message: `The trace cannot be written: ${(error as Error).message}`,
      hint: 'Name a file in a folder that is there: --trace FILE',
    });
  }
  const trace = traceReporter((text) => void writeSync(file, text));
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    trace.close(eventClock());
    closeSync(file);
  };
  process.on('exit', close);
  return ok({
    emit: trace.emit,
    [Symbol.dispose]: () => {
      process.off('exit', close);
      close();
    },
  });
}
