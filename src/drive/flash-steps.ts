import { formatBytes } from '#base';
import type { Emit } from '#event';

/** As often as a person can follow. */
const PROGRESS_MS = 250;

/** Tells how far a step is. */
export type Advance = (doneBytes: number) => void;

/** How long a step took that moved bytes. */
export type StepTime = { readonly durationMs: number };

/** Does a step that moves so many bytes, and tells of it: its beginning, how it goes on, its end with the speed. */
export async function tellStep(
  emit: Emit,
  { step, sizeBytes }: { readonly step: string; readonly sizeBytes: number },
  act: (advance: Advance) => Promise<void>,
): Promise<StepTime> {
  const startedMs = performance.now();
  let toldMs = startedMs;
  emit({ type: 'step-started', step });
  await act((doneBytes) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_MS) return;
    toldMs = nowMs;
    emit({ type: 'step-progress', step, doneBytes, sizeBytes });
  });
  const durationMs = Math.round(performance.now() - startedMs);
  emit({ type: 'step-finished', step, durationMs, detail: speedWords(sizeBytes, durationMs) });
  return { durationMs };
}

/** `301.2 MiB, 29.8 MiB/s` */
function speedWords(sizeBytes: number, durationMs: number): string {
  const bytesPerSecond = Math.round((sizeBytes * 1000) / Math.max(durationMs, 1));
  return `${formatBytes(sizeBytes)}, ${formatBytes(bytesPerSecond)}/s`;
}
