import type { TimedEvent } from '#event';
import { RecentBytes } from './recent-bytes.ts';

/** How far one source is. */
export type Download = {
  readonly receivedBytes: number;
  readonly sizeBytes: number | undefined;
  readonly isDone: boolean;
};

/** How far the sources are that a run fetches: made of nothing but its events. */
export class Downloads {
  readonly #sources = new Map<string, Download>();
  readonly #recent = new RecentBytes();
  #startedAtMs = 0;

  take(event: TimedEvent): void {
    switch (event.type) {
      case 'sources-planned':
        this.#startedAtMs = event.atMs;
        for (const { name, sizeBytes } of event.sources) {
          this.#sources.set(name, { receivedBytes: 0, sizeBytes: sizeBytes ?? undefined, isDone: false });
        }
        return;
      case 'source-progress': {
        const before = this.#sources.get(event.name);
        // What an earlier run left comes with the first bytes, and not from the network.
        if ((before?.receivedBytes ?? 0) > 0) this.#hear(event, event.receivedBytes, before);
        this.#sources.set(event.name, {
          receivedBytes: event.receivedBytes,
          sizeBytes: event.sizeBytes ?? before?.sizeBytes,
          isDone: false,
        });
        return;
      }
      case 'source-finished': {
        if (event.outcome === 'present') return;
        const { sizeBytes } = event;
        this.#hear(event, sizeBytes, this.#sources.get(event.name));
        this.#sources.set(event.name, { receivedBytes: sizeBytes, sizeBytes, isDone: true });
        return;
      }
    }
  }

  /** One source, once some of it is here. */
  of(name: string): Download | undefined {
    const download = this.#sources.get(name);
    return download === undefined || download.receivedBytes === 0 ? undefined : download;
  }

  /** How many sources are fetched in all. */
  get total(): number {
    return this.#sources.size;
  }

  get done(): number {
    return [...this.#sources.values()].filter(({ isDone }) => isDone).length;
  }

  get receivedBytes(): number {
    return sum([...this.#sources.values()].map(({ receivedBytes }) => receivedBytes));
  }

  /** Of all; sources of unknown size count like the others. Undefined when no size is known. */
  get sizeBytes(): number | undefined {
    const sizes = [...this.#sources.values()].flatMap(({ sizeBytes }) => sizeBytes ?? []);
    return sizes.length === 0 ? undefined : Math.round((sum(sizes) / sizes.length) * this.total);
  }

  /** Of one source, or of all together. */
  bytesPerSecond(nowMs: number, name?: string): number {
    return this.#recent.perSecond(nowMs, {
      sinceMs: this.#startedAtMs,
      ...(name === undefined ? {} : { name }),
    });
  }

  /** Until all is here, if it goes on like this; undefined when that cannot be told. */
  leftMs(nowMs: number): number | undefined {
    const speed = this.bytesPerSecond(nowMs);
    if (speed === 0 || this.sizeBytes === undefined) return undefined;
    return (Math.max(this.sizeBytes - this.receivedBytes, 0) * 1000) / speed;
  }

  #hear(
    { name, atMs }: { readonly name: string; readonly atMs: number },
    receivedBytes: number,
    before: Download | undefined,
  ): void {
    const sizeBytes = Math.max(receivedBytes - (before?.receivedBytes ?? 0), 0);
    this.#recent.hear({ name, atMs, sizeBytes });
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
