import { type Digest, digestOfBytes, startDigest } from '#base';
import { asResult, type FileSystemEntry, type WalkedEntry } from '#file-system';
import type { ImageFile } from '#manifest';
import { judged } from './expected-changes.ts';
import type { Aspect, Finding } from './finding.ts';

/** A file system that is compared. */
export type Tree = {
  readonly place: 'esp' | 'root';
  /** By path. */
  readonly expected: ReadonlyMap<string, ImageFile>;
  /** FAT knows neither modes nor owners. */
  readonly hasOwners: boolean;
  walk(): AsyncIterable<WalkedEntry>;
  content(entry: FileSystemEntry): AsyncIterable<Buffer>;
  /** Of a file that refers to the stick's own names: what makes its content the image's again. */
  renaming(path: string): ((content: Buffer) => Buffer) | undefined;
};

/** Everything in a file system that is not as the manifest has it, and everything that is gone. */
export async function* compareTree(tree: Tree): AsyncIterable<Finding> {
  const missing = new Map(tree.expected);
  const unknownBelow: string[] = [];
  for await (const entry of tree.walk()) {
    const expected = tree.expected.get(entry.path);
    missing.delete(entry.path);
    if (entry.type === 'damaged') {
      unknownBelow.push(entry.path === '/' ? '/' : `${entry.path}/`);
      yield damage(tree, entry.path, entry.problem.message);
    } else if (expected === undefined) {
      yield extra(tree, entry);
    } else {
      const finding = await compareEntry(tree, expected, entry);
      if (finding !== undefined) yield finding;
    }
  }
  for (const { path, build } of missing.values()) {
    // What lies below something damaged may be there, or not.
    if (unknownBelow.some((folder) => path.startsWith(folder))) continue;
    const aspects = [{ name: 'presence' as const, words: 'is missing' }];
    yield judged({ place: tree.place, path, kind: 'missing', build, aspects });
  }
}

async function compareEntry(
  tree: Tree,
  expected: ImageFile,
  entry: FileSystemEntry,
): Promise<Finding | undefined> {
  const { place } = tree;
  const { path, build } = expected;
  const content = await asResult(() => contentAspects(tree, expected, entry));
  if (!content.ok) return { ...damage(tree, path, content.problem.message), build };
  const aspects = [
    ...(tree.hasOwners ? plainAspects(expected, entry) : typeAspects(expected, entry)),
    ...content.value,
  ];
  if (aspects.length === 0) return undefined;
  return judged({ place, path, kind: 'changed', build, aspects }, newNature(expected, entry));
}

function typeAspects(expected: ImageFile, { type }: FileSystemEntry): Aspect[] {
  return type === expected.type ? [] : [{ name: 'type', words: `a ${type} instead of a ${expected.type}` }];
}

function plainAspects(expected: ImageFile, entry: FileSystemEntry): Aspect[] {
  const aspects = typeAspects(expected, entry);
  // Of a symlink only the target counts; the image makes all of them root's.
  const mode = expected.type === 'symlink' ? entry.mode : expected.mode;
  const owner = expected.type === 'symlink' ? '0:0' : `${expected.uid}:${expected.gid}`;
  if (mode !== entry.mode) aspects.push({ name: 'mode', words: `${entry.mode} instead of ${mode}` });
  if (owner !== `${entry.uid}:${entry.gid}`) {
    aspects.push({ name: 'owner', words: `${entry.uid}:${entry.gid} instead of ${owner}` });
  }
  if (entry.hasAttributes) {
    aspects.push({ name: 'attributes', words: 'has extended attributes, such as capabilities' });
  }
  return aspects;
}

async function contentAspects(tree: Tree, expected: ImageFile, entry: FileSystemEntry): Promise<Aspect[]> {
  if (expected.type === 'symlink' && entry.type === 'symlink') {
    const words = `${entry.target} instead of ${expected.target}`;
    return entry.target === expected.target ? [] : [{ name: 'target', words }];
  }
  if (expected.type !== 'file' || entry.type !== 'file') return [];
  if (entry.sizeBytes !== expected.size) {
    return [{ name: 'content', words: `${entry.sizeBytes} bytes instead of ${expected.size}` }];
  }
  const isRight = await hasContent(tree, expected, entry);
  return isRight ? [] : [{ name: 'content', words: 'other bytes' }];
}

async function hasContent(
  tree: Tree,
  expected: Extract<ImageFile, { type: 'file' }>,
  entry: FileSystemEntry,
): Promise<boolean> {
  const rename = tree.renaming(entry.path);
  if (rename === undefined || entry.sizeBytes > LARGEST_TEXT_BYTES) {
    return (await digestOf(tree.content(entry))) === expected.sha256;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of tree.content(entry)) chunks.push(chunk);
  return digestOfBytes(rename(Buffer.concat(chunks))) === expected.sha256;
}

/** Files that refer to names are small; others are never held in memory. */
const LARGEST_TEXT_BYTES = 64 * 1024;

async function digestOf(chunks: AsyncIterable<Buffer>): Promise<Digest> {
  const digest = startDigest();
  for await (const chunk of chunks) digest.update(chunk);
  return digest.end();
}

function extra({ place }: Tree, entry: FileSystemEntry): Finding {
  const { path, type, mode, uid, gid } = entry;
  const words = place === 'esp' ? `${type}, of nobody's making` : `${type} of ${uid}:${gid}, mode ${mode}`;
  const nature = { isPrivileged: isPrivileged(entry), isDevice: type.endsWith('-device') };
  return judged({ place, path, kind: 'extra', aspects: [{ name: 'presence', words }] }, nature);
}

/** Rights that the manifest gives are no news. */
function newNature(expected: ImageFile, entry: FileSystemEntry) {
  const isNew = expected.type !== 'file' || expected.mode !== entry.mode;
  return { isPrivileged: isNew && isPrivileged(entry), isDevice: entry.type.endsWith('-device') };
}

function isPrivileged({ type, mode, hasAttributes }: FileSystemEntry): boolean {
  return type === 'file' && (hasAttributes || (Number.parseInt(mode, 8) & 0o6000) !== 0);
}

function damage({ place }: Tree, path: string, words: string): Finding {
  return { place, path, kind: 'damaged', aspects: [{ name: 'state', words }] };
}
