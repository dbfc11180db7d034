/** Tells one waiter that something changed, also when that was before it began to wait. */
export class Signal {
  #isRaised = false;
  #wake: (() => void) | undefined;

  raise(): void {
    this.#isRaised = true;
    this.#wake?.();
  }

  /** Resolves once it was raised since the last call did. */
  async raised(): Promise<void> {
    if (!this.#isRaised) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#isRaised = false;
    this.#wake = undefined;
  }
}
