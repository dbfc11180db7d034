import fc from 'fast-check';
import { ATTACKS, type Scene } from './attacks.ts';
import { goodTree, wish } from './good-entries.ts';
import { END, paxEntry, tarBytes } from './tar-writer.ts';

/** An archive of the test, and what has to become of it. */
export type Trial = {
  readonly number: number;
  readonly bytes: Buffer;
  /** `good`: it comes out as from GNU tar. `evil`: it is refused. `mangled`: either, but nothing bad comes out. */
  readonly kind: 'good' | 'evil' | 'mangled';
  /** What an evil one does, and what must be said of it. */
  readonly attack: string;
  readonly says: RegExp;
};

const wished = fc.record({
  hasTop: fc.boolean(),
  wishes: fc.array(wish, { maxLength: 14 }),
  isOfGit: fc.boolean(),
  kind: fc.constantFrom('good', 'evil', 'evil', 'mangled'),
  attack: fc.constantFrom(...Object.keys(ATTACKS)),
  place: fc.nat(99),
  pick: fc.nat(9999),
  /** Bytes that are changed: where, and into what. */
  changes: fc.array(fc.tuple(fc.nat(1 << 20), fc.nat(255)), { minLength: 1, maxLength: 6 }),
} as const);

/** The archive of a number, the same each time for the same seed. */
export function archiveOf(number: number, seed: number, canary: string): Trial {
  // Seeds that follow one another give unlike numbers: fast-check mixes them.
  const [one] = fc.sample(wished, { seed: seed + number, numRuns: 1 });
  if (one === undefined) throw new Error(`fast-check made nothing of ${seed + number}`);
  const tree = goodTree(one.wishes, one.hasTop);
  const scene: Scene = { top: one.hasTop ? `${tree.top}/` : '', canary, pick: one.pick };
  // Of the mangled ones every other is good until it is mangled.
  const isGood = one.kind === 'good' || (one.kind === 'mangled' && one.pick % 2 === 0);
  const attack = isGood ? undefined : ATTACKS[one.attack];
  const place = one.place % (tree.entries.length + 1);
  const between = attack?.entries?.(scene) ?? [];
  const entries = [...tree.entries.slice(0, place), between, ...tree.entries.slice(place)].flat();
  // What git archive says of all entries.
  const before = one.isOfGit ? [paxEntry({ comment: 'a'.repeat(40) }, 'g')] : [];
  const whole = Buffer.concat([tarBytes([...before, ...entries]), attack?.end?.(scene) ?? END]);
  const bytes = one.kind === 'mangled' ? mangle(whole, one.changes) : whole;
  return { number, bytes, kind: one.kind, attack: one.attack, says: attack?.says ?? /^$/ };
}

function mangle(bytes: Buffer, changes: readonly (readonly [number, number])[]): Buffer {
  const mangled = Buffer.from(bytes);
  for (const [place, value] of changes) mangled[place % mangled.length] = value;
  // Every other time the sums of the headers are right again, so that more than they are tried.
  if (changes.length % 2 === 0) mendSums(mangled);
  return mangled;
}

/** Gives each block that looks like a header the sum that it has. */
function mendSums(bytes: Buffer): void {
  for (let start = 0; start + 512 <= bytes.length; start += 512) {
    const block = bytes.subarray(start, start + 512);
    if (!/^[0-7]{6}\0 $/.test(block.toString('latin1', 148, 156))) continue;
    block.fill(' ', 148, 156);
    const sum = block.reduce((all, byte) => all + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
}
