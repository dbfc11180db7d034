/** Milliseconds since 1970, that never go back within a run, whatever is done to the machine's clock meanwhile. */
export function eventClock(): number {
  return Math.round(performance.timeOrigin + performance.now());
}
