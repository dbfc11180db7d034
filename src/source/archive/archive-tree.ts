import { posix } from 'node:path';
import type { ArchiveEntry } from './archive-entry.ts';
import { type Refusal, refuseArchive, refuseEntry, shown } from './refusal.ts';

/** Each entry may have this much of a name on average. */
const NAME_BYTES_AN_ENTRY = 256;

/** The kernel follows no more links than this for one path (MAXSYMLINKS of path_resolution(7)). */
const MOST_LINKS_ON_A_PATH = 40;

/** Links that lead through links are followed for so many parts of paths in all: a second or so. */
const MOST_STEPS = 5_000_000;

type Node = { readonly path: string; readonly kind: 'file' | 'folder' | 'link'; readonly target: string };

/**
 * The tree that an archive would make. Each path is made once, so no entry can change what an earlier one made, and no
 * path leads through a link: where an entry comes to lie never depends on links.
 */
export class ArchiveTree {
  /** By the normal form of their paths (Unicode NFC), so that twins meet. */
  readonly #nodes = new Map<string, Node>();
  readonly #tops: Node[] = [];
  readonly #mostEntries: number;
  #nameBytesLeft: number;

  constructor(mostEntries: number) {
    this.#mostEntries = mostEntries;
    this.#nameBytesLeft = mostEntries * NAME_BYTES_AN_ENTRY;
  }

  get isEmpty(): boolean {
    return this.#nodes.size === 0;
  }

  /** Adds an entry, or says why it cannot be one. */
  add({ kind, path, target }: ArchiveEntry): Refusal | undefined {
    if (path === '') return kind === 'folder' ? undefined : refuseEntry('.', 'is not a folder');
    const badParent = this.#addFolders(posix.dirname(path));
    if (badParent !== undefined) return refuseEntry(path, badParent);
    if (kind === 'hard-link' && this.#find(target)?.kind !== 'file') {
      return refuseEntry(
        path,
        `is a hard link to ${shown(target)}, which is no file before it in the archive`,
      );
    }
    const why = this.#addNode({ path, kind: kind === 'hard-link' ? 'file' : kind, target });
    if (why !== undefined) return refuseEntry(path, why);
    this.#nameBytesLeft -= Buffer.byteLength(path) + Buffer.byteLength(target);
    return this.#isTooLarge() ? refuseArchive('has too many entries, or too long names') : undefined;
  }

  /** The first link that leads out of what will be the tree: the one folder at the top, where there is only one. */
  findLeavingLink(): Refusal | undefined {
    const top = this.#topFolder();
    let stepsLeft = MOST_STEPS;
    for (const { path, kind, target } of this.#nodes.values()) {
      if (kind !== 'link') continue;
      const followed = this.#follow(posix.dirname(path), target, top, stepsLeft);
      if (followed === 'leaves')
        return refuseEntry(path, `is a link that leads out of the tree: ${shown(target)}`);
      stepsLeft = followed;
      if (stepsLeft <= 0) return refuseEntry(path, 'is one of too many links that lead through links');
    }
    return undefined;
  }

  #isTooLarge(): boolean {
    return this.#nodes.size > this.#mostEntries || this.#nameBytesLeft < 0;
  }

  #find(path: string): Node | undefined {
    const node = this.#nodes.get(path.normalize('NFC'));
    return node?.path === path ? node : undefined;
  }

  /** Adds the folders above an entry, which need no entries of their own. Gives back why it cannot lie there. */
  #addFolders(folder: string): string | undefined {
    const missing: string[] = [];
    let known = folder;
    while (known !== '.' && this.#find(known) === undefined) {
      missing.unshift(known);
      known = posix.dirname(known);
    }
    const kind = known === '.' ? 'folder' : this.#find(known)?.kind;
    if (kind === 'link') return `lies behind the link ${shown(known)}`;
    if (kind === 'file') return `lies below ${shown(known)}, which is a file`;
    for (const path of missing) {
      const why = this.#addNode({ path, kind: 'folder', target: '' });
      if (why !== undefined) return why;
    }
    return undefined;
  }

  #addNode(node: Node): string | undefined {
    const key = node.path.normalize('NFC');
    const before = this.#nodes.get(key);
    if (before === undefined) {
      this.#nodes.set(key, node);
      if (!node.path.includes('/')) this.#tops.push(node);
      return undefined;
    }
    if (before.path !== node.path)
      return `has a twin: ${shown(before.path)} is the same name in another Unicode form`;
    return before.kind === 'folder' && node.kind === 'folder' ? undefined : 'is in the archive twice';
  }

  /** The folder that goes away when an archive is unpacked; empty when there is none. */
  #topFolder(): string {
    const [first, second] = this.#tops;
    return first?.kind === 'folder' && second === undefined ? first.path : '';
  }

  /**
   * Follows a link as the kernel would, were the tree's top the only thing that there is; gives back what is left of
   * the steps. What is not there is taken for a folder, and a circle of links leads nowhere.
   */
  #follow(folder: string, target: string, top: string, steps: number): number | 'leaves' {
    if (target.startsWith('/')) return 'leaves';
    const rest = target.split('/').reverse();
    let [at, stepsLeft, linksLeft] = [folder === '.' ? '' : folder, steps, MOST_LINKS_ON_A_PATH];
    for (let part = rest.pop(); part !== undefined && stepsLeft > 0; part = rest.pop()) {
      stepsLeft -= 1;
      if (part === '' || part === '.') continue;
      if (part === '..') {
        if (at === top) return 'leaves';
        at = at.includes('/') ? posix.dirname(at) : '';
        continue;
      }
      const next = at === '' ? part : `${at}/${part}`;
      const node = this.#find(next);
      if (node?.kind !== 'link') {
        at = next;
        continue;
      }
      if (node.target.startsWith('/')) return 'leaves';
      linksLeft -= 1;
      if (linksLeft === 0) return stepsLeft;
      const parts = node.target.split('/');
      stepsLeft -= parts.length;
      rest.push(...parts.reverse());
    }
    return stepsLeft;
  }
}
