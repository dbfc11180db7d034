/** Dice that fall the same way for the same seed. */
export type Random = {
  /** From 0 up to, but not, 1. */
  fraction(): number;
  /** A whole number from 0 up to, but not, `limit`. */
  below(limit: number): number;
  pick<const Value>(values: readonly [Value, ...Value[]]): Value;
};

/** Mulberry32: 32 bits of state are plenty for dice, and any seed is good. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(fraction() * limit);
  return { fraction, below, pick: (values) => values[below(values.length)] ?? values[0] };
}

/** A seed for one part of what another seed decides, unlike those of its neighbours. */
export function seedFor(seed: number, part: number): number {
  return Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(part + 1, 0x85ebca6b);
}
