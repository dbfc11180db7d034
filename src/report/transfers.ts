import type { TimedEvent } from '#event';
import { RecentBytes } from './recent-bytes.ts';

/** How far a step is that moves bytes. */
export type Transfer = {
  readonly doneBytes: number;
  readonly sizeBytes: number;
  readonly bytesPerSecond: number;
  /** Undefined when nothing has been moved lately. */
  readonly leftMs: number | undefined;
};

type Known = { readonly startedAtMs: number; readonly doneBytes: number; readonly sizeBytes: number };

/** How far the steps are that move bytes: made of nothing but their events. */
export class Transfers {
  readonly #recent = new RecentBytes();
  readonly #known = new Map<string, Known>();

  take(event: TimedEvent): void {
    switch (event.type) {
      case 'step-started':
        this.#known.set(event.step, { startedAtMs: event.atMs, doneBytes: 0, sizeBytes: 0 });
        return;
      case 'step-progress': {
        const { step, doneBytes, sizeBytes, atMs } = event;
        const before = this.#known.get(step) ?? { startedAtMs: atMs, doneBytes: 0 };
        this.#recent.hear({ name: step, atMs, sizeBytes: Math.max(doneBytes - before.doneBytes, 0) });
        this.#known.set(step, { startedAtMs: before.startedAtMs, doneBytes, sizeBytes });
        return;
      }
      case 'step-finished':
        this.#known.delete(event.step);
        return;
    }
  }

  /** One step, once it has moved some; undefined for a step that moves none. */
  of(step: string, nowMs: number): Transfer | undefined {
    const known = this.#known.get(step);
    if (known === undefined || known.sizeBytes === 0) return undefined;
    const { startedAtMs, doneBytes, sizeBytes } = known;
    const bytesPerSecond = this.#recent.perSecond(nowMs, { sinceMs: startedAtMs, name: step });
    const leftMs = bytesPerSecond === 0 ? undefined : ((sizeBytes - doneBytes) * 1000) / bytesPerSecond;
    return { doneBytes, sizeBytes, bytesPerSecond, leftMs };
  }
}
