import { posix } from 'node:path';
import fc from 'fast-check';
import { longEntry, paxEntry, type RawEntry } from './tar-writer.ts';

/** One entry that is wished for; it is left out where it would not be a good one. */
export type Wish = {
  readonly kind: 'file' | 'folder' | 'link' | 'hard-link' | 'dangling';
  readonly name: string;
  /** Which of the folders until now it goes into, and which of the entries until now it leads to. */
  readonly folder: number;
  readonly leadsTo: number;
  readonly mode: number;
  readonly sizeBytes: number;
  readonly form: 'gnu' | 'ustar' | 'v7' | 'pax' | 'pax-size' | 'gnu-long' | 'slash' | 'dotted';
};

const NAMES = [
  'a',
  'b',
  'c',
  'é',
  'ü.c',
  'x y',
  '-n',
  '*',
  '$(x)',
  "it's",
  '\\',
  '%s',
  '"',
  'A',
  '日本',
  '.hidden',
];
/** As many bytes as fit into a header, one more, and as many as a file may have. */
const LONG_NAMES = ['n'.repeat(90), 'o'.repeat(99), 'p'.repeat(100), 'q'.repeat(255), 'é'.repeat(127)];

/** Below the judge's limit. */
const LONGEST_PATH_BYTES = 900;

export const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom('file', 'file', 'folder', 'link', 'hard-link', 'dangling'),
  name: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...NAMES) }, fc.constantFrom(...LONG_NAMES)),
  folder: fc.nat(99),
  leadsTo: fc.nat(99),
  mode: fc.constantFrom(0o644, 0o755, 0o600, 0o444, 0o4755, 0o2775, 0o6711, 0o1777, 0o666),
  sizeBytes: fc.oneof(fc.nat(20), fc.constantFrom(511, 512, 513, 1024, 3000)),
  form: fc.constantFrom('gnu', 'ustar', 'v7', 'pax', 'pax-size', 'gnu-long', 'slash', 'dotted'),
});

/** The tree of good entries, as far as it has come: what lies at which path. */
export type GoodTree = {
  /** With those that tell more of an entry right before it. */
  readonly entries: RawEntry[][];
  readonly kinds: Map<string, Wish['kind']>;
  /** The one folder at the top; empty where there is more than one thing. */
  readonly top: string;
};

/** Entries that are all as they should be: unique, without a way out. */
export function goodTree(wishes: readonly Wish[], hasTop: boolean): GoodTree {
  const tree: GoodTree = { entries: [], kinds: new Map(), top: hasTop ? 'top-1' : '' };
  const first: Wish = {
    kind: 'file',
    name: 'one',
    folder: 0,
    leadsTo: 0,
    mode: 0o644,
    sizeBytes: 3,
    form: 'gnu',
  };
  if (hasTop) tree.kinds.set(tree.top, 'folder');
  addWish(tree, first);
  addWish(tree, { ...first, name: 'two' });
  for (const one of wishes) addWish(tree, one);
  return tree;
}

function addWish({ entries, kinds, top }: GoodTree, one: Wish): void {
  const folders = [top, ...pathsOf(kinds, (kind) => kind === 'folder')];
  const path = posix.join(folders[one.folder % folders.length] ?? '', one.name);
  // A folder may come up again.
  const isRepeated = kinds.get(path) === 'folder' && one.kind === 'folder';
  if ((kinds.has(path) && !isRepeated) || Buffer.byteLength(path) > LONGEST_PATH_BYTES) return;
  const target = targetOf(one, path, kinds);
  if (target === undefined) return;
  kinds.set(path, one.kind);
  entries.push(rawEntries(one, path, target));
}

function targetOf(one: Wish, path: string, kinds: ReadonlyMap<string, Wish['kind']>): string | undefined {
  if (one.kind === 'dangling') return one.leadsTo % 2 === 0 ? 'nowhere/../at all' : posix.basename(path);
  if (one.kind === 'hard-link') {
    const files = pathsOf(kinds, (kind) => kind === 'file' || kind === 'hard-link');
    return files[one.leadsTo % files.length];
  }
  if (one.kind !== 'link') return '';
  const paths = pathsOf(kinds, () => true);
  return posix.relative(posix.dirname(path), paths[one.leadsTo % paths.length] ?? '') || '.';
}

function pathsOf(kinds: ReadonlyMap<string, Wish['kind']>, isOne: (kind: Wish['kind']) => boolean): string[] {
  return [...kinds].flatMap(([path, kind]) => (isOne(kind) ? [path] : []));
}

const TYPES = { file: '0', folder: '5', link: '2', 'hard-link': '1', dangling: '2' } as const;

function rawEntries(one: Wish, path: string, target: string): RawEntry[] {
  const { kind, form } = one;
  // Who is not root could not look into it otherwise.
  const mode = kind === 'folder' ? one.mode | 0o700 : one.mode;
  const body = kind === 'file' ? Buffer.alloc(one.sizeBytes, `${path}\n`) : Buffer.alloc(0);
  const name = `${form === 'dotted' ? './' : ''}${path}${kind === 'folder' && form !== 'pax' ? '/' : ''}`;
  const isLong = Buffer.byteLength(name) > 100 || Buffer.byteLength(target) > 100;
  const entry: RawEntry = { type: TYPES[kind], name, target, mode, body };
  if (form === 'pax-size' && kind === 'file') {
    return [
      paxEntry({ path: name, size: String(body.length) }),
      { ...entry, size: Buffer.from('00000000000\0') },
    ];
  }
  if (form === 'pax' || form === 'pax-size') {
    const records = { mtime: '1720000000.123', 'SCHILY.xattr.user.x': 'a=b\n', path: name };
    return [paxEntry(target === '' ? records : { ...records, linkpath: target }), entry];
  }
  if (isLong || form === 'gnu-long') {
    return [longEntry('L', name), ...(target === '' ? [] : [longEntry('K', target)]), entry];
  }
  // The oldest forms: a slash alone makes a folder, and a file has the type 0 or none.
  if (form === 'slash' && kind === 'folder') return [{ ...entry, type: '0' }];
  if (form === 'slash' && kind === 'file') return [{ ...entry, type: mode % 2 === 0 ? '\0' : '7' }];
  return [{ ...entry, magic: form === 'ustar' || form === 'v7' ? form : 'gnu' }];
}
