/**
 * Flushes a drive every so many bytes while writing goes on, and holds writing up when two such windows wait. Without
 * it the page cache takes all writes at once, so that progress means nothing and a failure shows only at the end.
 */
export class SteadyFlush {
  readonly #flush: () => Promise<void>;
  readonly #windowBytes: number;
  readonly #onFlushed: (flushedBytes: number) => void;
  #writtenBytes = 0;
  #begunBytes = 0;
  /** Gives the failure, and is never rejected, since nobody may be waiting for it at that time. */
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    flush: () => Promise<void>,
    windowBytes: number,
    onFlushed: (flushedBytes: number) => void = () => {},
  ) {
    this.#flush = flush;
    this.#windowBytes = windowBytes;
    this.#onFlushed = onFlushed;
  }

  /** To be awaited after each write. */
  async wrote(sizeBytes: number): Promise<void> {
    this.#writtenBytes += sizeBytes;
    if (!this.#isFull()) return;
    await this.#settle();
    // Another write may have begun the next flush meanwhile.
    if (this.#isFull()) this.#begin();
  }

  /** Flushes what is left. All that was written is on the drive, or this throws. */
  async end(): Promise<void> {
    await this.#settle();
    this.#begin();
    await this.#settle();
  }

  #isFull(): boolean {
    return this.#writtenBytes - this.#begunBytes >= this.#windowBytes;
  }

  #begin(): void {
    const writtenBytes = this.#writtenBytes;
    this.#begunBytes = writtenBytes;
    this.#running = this.#flush().then(
      () => this.#onFlushed(writtenBytes),
      (error: unknown) => new FlushFailure(error),
    );
  }

  async #settle(): Promise<void> {
    const outcome = await this.#running;
    if (outcome instanceof FlushFailure) throw outcome.reason;
  }
}

/** A flush that failed fails for good: what it did not write is known to nobody, so that nothing may go on. */
class FlushFailure {
  readonly reason: unknown;
  constructor(reason: unknown) {
    this.reason = reason;
  }
}
