import type { Item } from './inventory.ts';

export type GarbageRules = {
  readonly nowMs: number;
  /** What nobody used for longer is taken without a limit. */
  readonly keepMs: number;
  /** Space that the store may take; absent: no limit. */
  readonly maxBytes?: number | undefined;
  /** Space that the store takes now. */
  readonly storeBytes: number;
};

/** Why a thing is taken: `limit` would have been kept but for the limit, `forced` is needed. */
export type Garbage = Item & { readonly reason: 'unused' | 'limit' | 'forced' };

/**
 * In which order a limit takes what is not unused: leftovers that only people look at, then what no plan needs, then
 * lists and sources, which can be fetched again, and builds last.
 */
const LIMIT_ORDER: readonly (readonly [Item['kind'], boolean])[] = [
  ['quarantined', false],
  ['failed-build', false],
  ['partial-source', false],
  ['artifact', false],
  ['source', false],
  ['package-lists', false],
  ['source', true],
  ['artifact', true],
];

/**
 * What garbage collection takes: what no plan needs and nobody used for long, and then, under a limit, the least
 * recently used of the rest until the store fits.
 */
export function chooseGarbage(items: readonly Item[], rules: GarbageRules): readonly Garbage[] {
  const unused = items.filter((item) => isUnused(item, rules));
  const chosen: Garbage[] = unused.map((item) => ({ ...item, reason: 'unused' }));
  if (rules.maxBytes === undefined) return withoutTwice(chosen);
  let leftBytes = rules.storeBytes - sizeOf(unused);
  const rest = items.filter((item) => rankOf(item) !== -1 && !isUnused(item, rules)).sort(byRankAndUse);
  for (const item of rest) {
    if (leftBytes <= rules.maxBytes) break;
    chosen.push({ ...item, reason: item.isNeeded ? 'forced' : 'limit' });
    leftBytes -= item.sizeBytes;
  }
  return withoutTwice(chosen);
}

/** Records that go with their artifact are not told of a second time. */
function withoutTwice(chosen: readonly Garbage[]): readonly Garbage[] {
  const going = new Set(chosen.flatMap(({ records }) => records));
  return chosen.filter(({ path }) => !going.has(path));
}

/** The space that items take. */
export function sizeOf(items: readonly Item[]): number {
  return items.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}

function isUnused({ kind, isNeeded, usedAtMs }: Item, { nowMs, keepMs }: GarbageRules): boolean {
  // Lists are fetched anew by themselves when they are old.
  if (isNeeded || kind === 'package-lists') return false;
  return nowMs - usedAtMs > keepMs;
}

function byRankAndUse(a: Item, b: Item): number {
  // Of equally old ones the largest: fewer have to go.
  return rankOf(a) - rankOf(b) || a.usedAtMs - b.usedAtMs || b.sizeBytes - a.sizeBytes;
}

function rankOf({ kind, isNeeded }: Item): number {
  return LIMIT_ORDER.findIndex(([one, needed]) => one === kind && needed === isNeeded);
}
