/** The time that downloads are bounded by; tests have one that goes on when they say so. */
export type Clock = {
  /** In milliseconds; only differences mean something. */
  nowMs(): number;
  /** Does something after a while, unless it is disposed of before. */
  after(delayMs: number, act: () => void): Disposable;
};

/** The time of this machine; it stands still while the machine sleeps. */
export const machineClock: Clock = {
  nowMs: () => performance.now(),
  after: (delayMs, act) => {
    const timer = setTimeout(act, delayMs);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
