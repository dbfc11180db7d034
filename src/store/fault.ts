import type { HostPath, Problem } from '#base';

/** The kinds of entries that a store has, the files that mark it as one, and what lies in it without being either. */
export type EntryKind = 'artifact' | 'blob' | 'key' | 'build' | 'use' | 'mark' | 'stray';

/** An entry that is not what it says: what and where. */
export type StoreFault = {
  readonly entry: EntryKind;
  /** The digest, key or build that the entry is named by; its path below the store for a stray. */
  readonly name: string;
  /** Where the entry lies. */
  readonly path: HostPath;
  /** What is wrong, one sentence each: `usr/bin/grep: is missing`. */
  readonly reasons: readonly string[];
};

const NOUNS: Readonly<Record<EntryKind, string>> = {
  artifact: 'artifact',
  blob: 'source',
  key: 'key record',
  build: 'build record',
  use: 'record of a use',
  mark: 'marker',
  stray: 'stray',
};

/** More lines than these say no more. */
const MOST_REASONS = 10;

/** A fault in one line: `artifact 12ab…: usr/bin/grep: is missing`. */
export function describeFault({ entry, name, reasons }: StoreFault): string {
  const more = reasons.length > 1 ? `, and ${reasons.length - 1} more` : '';
  return `${NOUNS[entry]} ${name}: ${reasons[0] ?? 'is damaged'}${more}`;
}

/** A fault for people and programs. */
export function faultProblem({ entry, name, path, reasons }: StoreFault, hint: string): Problem {
  const more = reasons.length - MOST_REASONS;
  return {
    kind: 'store-damaged',
    subject: name,
    message:
      entry === 'stray'
        ? `${name} is no part of the store`
        : `The ${NOUNS[entry]} ${name} is not what it says`,
    place: path,
    details: [...reasons.slice(0, MOST_REASONS), ...(more > 0 ? [`and ${more} more`] : [])],
    hint,
  };
}
