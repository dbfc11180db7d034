import { dirname } from 'node:path/posix';
import { ok, type Problem, type Result } from '#base';
import { type FoundLayout, partitionOf } from '#disk';
import { type ByteReader, type Ext4, type Fat32, openExt4, openFat32, replayJournal } from '#file-system';
import type { ImageFile, ImageManifest } from '#manifest';
import { compareDisk } from './compare-disk.ts';
import { compareTree, type Tree } from './compare-tree.ts';
import type { Aspect, Finding } from './finding.ts';
import { partitionRange, partitionReader, readTables } from './read-image-layout.ts';
import { namesOf, REFERRING_FILES, type StickNames, withOtherNames } from './stick-names.ts';

/**
 * Compares an image or stick with the manifest that it was built from: the partition tables, what BIOS starts, and
 * every file of both file systems. Problem: there is no partition table to begin with.
 */
export async function verifyImage(
  reader: ByteReader,
  manifest: ImageManifest,
): Promise<Result<AsyncIterable<Finding>>> {
  const found = await readTables(reader);
  return found.ok ? ok(findings(reader, found.value, manifest)) : found;
}

async function* findings(
  reader: ByteReader,
  found: FoundLayout,
  manifest: ImageManifest,
): AsyncIterable<Finding> {
  yield* await compareDisk(reader, found, manifest);
  const esp = await openPartition(reader, found, 'esp', openFat32);
  const root = await openPartition(reader, found, 'root', openRoot);
  for (const [place, opened] of [
    ['esp', esp],
    ['root', root],
  ] as const) {
    // A partition that is missing was told of.
    if (opened?.ok === false) yield unreadable(place, opened.problem);
  }
  const hasNames = found.layout.partitions.length === 3 && esp?.ok === true && root?.ok === true;
  const names = hasNames ? namesOf(found.layout, root.value.ext4, esp.value) : undefined;
  const renaming = renamingOf(names, manifest);
  if (esp?.ok === true) {
    yield* espFindings(esp.value, manifest);
    yield* compareTree(espTree(esp.value, manifest, renaming));
  }
  if (root?.ok === true) {
    yield* rootFindings(root.value, manifest);
    yield* compareTree(rootTree(root.value.ext4, manifest, renaming));
  }
}

async function openPartition<T>(
  reader: ByteReader,
  { layout }: FoundLayout,
  role: 'esp' | 'root',
  open: (part: ByteReader) => Promise<Result<T>>,
): Promise<Result<T> | undefined> {
  if (!layout.partitions.some((partition) => partition.role === role)) return undefined;
  const partition = partitionOf(layout, role);
  const { offsetBytes, lengthBytes } = partitionRange(partition);
  if (offsetBytes + lengthBytes > reader.sizeBytes) return undefined;
  return open(partitionReader(reader, partition));
}

/** The root file system, and what kept its journal from being replayed. */
type OpenRoot = { readonly ext4: Ext4; readonly journalProblem?: Problem };

/** A stick that was unplugged while it ran has its last changes in the journal alone: it is read with them. */
async function openRoot(part: ByteReader): Promise<Result<OpenRoot>> {
  const plain = await openExt4(part);
  if (!plain.ok) return plain;
  if (!plain.value.needsRecovery) return ok({ ext4: plain.value });
  const replayed = await replayJournal(part);
  const whole = replayed.ok ? await openExt4(replayed.value) : replayed;
  return ok(whole.ok ? { ext4: whole.value } : { ext4: plain.value, journalProblem: whole.problem });
}

type Renaming = Tree['renaming'];

/** Flash gives every stick names of its own, and puts them where the image's names were. */
function renamingOf(names: StickNames | undefined, manifest: ImageManifest): Renaming {
  const imageNames = namesOfManifest(manifest);
  if (names === undefined || imageNames === undefined) return () => undefined;
  const paths = new Set(REFERRING_FILES.map(({ path }) => path));
  return (path) => (paths.has(path) ? (content) => withOtherNames(content, names, imageNames) : undefined);
}

function namesOfManifest({ diskGuid, partitions }: ImageManifest): StickNames | undefined {
  const [esp, root, biosBoot] = (['esp', 'root', 'bios-boot'] as const).map((wanted) =>
    partitions.find(({ role }) => role === wanted),
  );
  if (!esp?.fileSystem || !root?.fileSystem || biosBoot === undefined) return undefined;
  return {
    disk: diskGuid,
    espPartition: esp.partUuid,
    rootPartition: root.partUuid,
    biosBootPartition: biosBoot.partUuid,
    rootFileSystem: root.fileSystem.uuid,
    espFileSystem: esp.fileSystem.uuid,
  };
}

function espTree(esp: Fat32, { espFiles }: ImageManifest, renaming: Renaming): Tree {
  const files = espFiles.map((file): ImageFile => ({ ...file, type: 'file', mode: '0755', uid: 0, gid: 0 }));
  const folders = new Set(espFiles.flatMap(({ path }) => foldersAbove(path)));
  return {
    place: 'esp',
    expected: byPath([...[...folders].map((path) => plainFolder(path, '0755')), ...files]),
    hasOwners: false,
    walk: esp.walk,
    content: esp.content,
    renaming,
  };
}

function rootTree(root: Ext4, { files }: ImageManifest, renaming: Renaming): Tree {
  return {
    place: 'root',
    // mke2fs makes these two by itself.
    expected: byPath([plainFolder('/', '0755'), plainFolder('/lost+found', '0700'), ...files]),
    hasOwners: true,
    walk: root.walk,
    content: root.content,
    renaming,
  };
}

function byPath(files: readonly ImageFile[]): ReadonlyMap<string, ImageFile> {
  return new Map(files.map((file) => [file.path, file]));
}

function plainFolder(path: string, mode: string): ImageFile {
  return { path, type: 'directory', mode, uid: 0, gid: 0, build: 'image' };
}

function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    folders.push(folder);
    if (folder === '/') return folders;
  }
}

function espFindings(esp: Fat32, manifest: ImageManifest): Finding[] {
  const findings = labelFindings('esp', esp.label, manifest);
  if (!esp.doCopiesAgree) {
    findings.push(volume('esp', 'damaged', { name: 'state', words: 'the two copies of the table differ' }));
  } else if (!esp.isClean) {
    const words = 'it was not unmounted in order';
    findings.push(volume('esp', 'changed', { name: 'state', words }, 'unplugged while it was in use'));
  }
  return findings;
}

function rootFindings({ ext4, journalProblem }: OpenRoot, manifest: ImageManifest): Finding[] {
  const findings = labelFindings('root', ext4.label, manifest);
  if (journalProblem !== undefined) findings.push(unreadable('root', journalProblem));
  if (ext4.hasErrors) {
    const words = 'the kernel found errors in it that were not mended since';
    findings.push(volume('root', 'damaged', { name: 'state', words }));
  }
  if (!ext4.isClean && !ext4.hasErrors) {
    const compared = journalProblem === undefined ? 'will be once it is replayed' : 'were before it';
    const words = ext4.needsRecovery
      ? `its journal is not empty: files are compared as they ${compared}`
      : 'it was not unmounted in order';
    const because = 'in use, or unplugged while it was; the next start puts it in order';
    findings.push(volume('root', 'changed', { name: 'state', words }, because));
  }
  return findings;
}

function labelFindings(place: 'esp' | 'root', label: string, { partitions }: ImageManifest): Finding[] {
  const expected = partitions.find(({ role }) => role === place)?.fileSystem?.label;
  if (expected === undefined || expected === label) return [];
  const words = `the label is ${JSON.stringify(label)} instead of ${JSON.stringify(expected)}`;
  return [volume(place, 'changed', { name: 'names', words })];
}

function unreadable(place: 'esp' | 'root', { message }: Problem): Finding {
  return volume(place, 'damaged', { name: 'state', words: message });
}

function volume(place: 'esp' | 'root', kind: Finding['kind'], aspect: Aspect, because?: string): Finding {
  const finding = { place, path: 'file system', kind, build: 'image', aspects: [aspect] } as const;
  return because === undefined ? finding : { ...finding, expectedBecause: because };
}
