import { readFile } from 'node:fs/promises';
import type { HostPath } from '#base';
import type { ImageManifest } from '#manifest';
import { BLOCK_BYTES, differingBlocks } from './differing-blocks.ts';
import { espOwners } from './esp-owners.ts';
import { rootOwners } from './root-owners.ts';

/** An image and its manifest, as files. */
export type ImageFiles = { readonly imagePath: HostPath; readonly manifestPath: HostPath };

/** A place of an image: blocks of the whole that differ, and the partition that they are counted from. */
export type Differing = {
  readonly first: HostPath;
  readonly second: HostPath;
  readonly offsetBytes: number;
  /** From the partition's beginning. */
  readonly blocks: readonly number[];
  readonly manifest: ImageManifest;
};

/** Most blocks of a partition whose owners are looked up; a wrong image can differ in all of them. */
const LOOKED_UP = 2000;
const SECTOR_BYTES = 512;

/** What is not alike in two images: files by name and build, or else the part of the disk. Nothing: they are alike. */
export async function compareImages(first: ImageFiles, second: ImageFiles): Promise<readonly string[]> {
  const blocks = await differingBlocks(first.imagePath, second.imagePath);
  const texts = await Promise.all([
    readFile(first.manifestPath, 'utf8'),
    readFile(second.manifestPath, 'utf8'),
  ]);
  const [manifest, other] = texts.map((text) => JSON.parse(text) as ImageManifest);
  if (manifest === undefined || other === undefined) throw new Error('There are two manifests');
  if (blocks.length === 0)
    return texts[0] === texts[1] ? [] : ['manifest.json', ...compareManifests(manifest, other)];
  return [
    ...compareManifests(manifest, other),
    ...(await ownersOf(first.imagePath, second.imagePath, { manifest, blocks })),
  ];
}

/** The files that went in with other bytes, modes, owners or builds. */
export function compareManifests(first: ImageManifest, second: ImageManifest): readonly string[] {
  return [
    ...differentFiles(first.files, second.files, '/'),
    ...differentFiles(first.espFiles, second.espFiles, 'ESP:/'),
  ];
}

type ManifestFile = { readonly path: string; readonly build: string };

function differentFiles(
  first: readonly ManifestFile[],
  second: readonly ManifestFile[],
  root: string,
): readonly string[] {
  const others = new Map(second.map((file) => [file.path, file]));
  const differing = first.filter((file) => JSON.stringify(others.get(file.path)) !== JSON.stringify(file));
  const known = new Set(first.map(({ path }) => path));
  const added = second.filter(({ path }) => !known.has(path));
  return [...differing, ...added].map(({ path, build }) => `${root}${path.slice(1)} of ${build}`);
}

async function ownersOf(
  first: HostPath,
  second: HostPath,
  { manifest, blocks }: { readonly manifest: ImageManifest; readonly blocks: readonly number[] },
): Promise<readonly string[]> {
  const owners: string[] = [];
  const rest = new Set(blocks);
  for (const { role, startSector, sizeSectors } of manifest.partitions) {
    if (role === 'bios-boot') continue;
    const offsetBytes = startSector * SECTOR_BYTES;
    const from = offsetBytes / BLOCK_BYTES;
    const end = from + (sizeSectors * SECTOR_BYTES) / BLOCK_BYTES;
    const own = blocks.filter((block) => block >= from && block < end);
    if (own.length === 0) continue;
    for (const block of own) rest.delete(block);
    const shown = own.slice(0, LOOKED_UP).map((block) => block - from);
    const differing: Differing = { first, second, offsetBytes, blocks: shown, manifest };
    owners.push(...(role === 'esp' ? await espOwners(differing) : await rootOwners(differing)));
    if (own.length > LOOKED_UP)
      owners.push(`and ${own.length - LOOKED_UP} more blocks of the partition ${role}`);
  }
  if (rest.size > 0) owners.push(...tableOwners([...rest], manifest));
  return [...new Set(owners)];
}

/** What lies outside of file systems: sector 0, the table and its backup, GRUB's core between. */
function tableOwners(blocks: readonly number[], manifest: ImageManifest): readonly string[] {
  const [loader] = manifest.partitions.filter(({ role }) => role === 'bios-boot');
  const loaderBlock = Math.floor(((loader?.startSector ?? 0) * SECTOR_BYTES) / BLOCK_BYTES);
  const firstPartition = Math.min(
    ...manifest.partitions.flatMap((one) => (one.role === 'bios-boot' ? [] : one.startSector)),
  );
  return blocks.map((block) => {
    if (block * BLOCK_BYTES >= firstPartition * SECTOR_BYTES) return 'the backup of the partition table';
    return block <= loaderBlock ? 'sector 0, the partition table or the begin of GRUB’s core' : 'GRUB’s core';
  });
}
