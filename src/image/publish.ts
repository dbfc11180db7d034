import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOfBytes, type HostPath, isErrno } from '#base';
import { encodeLayout, type Layout, partitionOf, SECTOR_BYTES } from '#disk';
import { type EspManifestFile, IMAGE_NAME, type ImageManifest, MANIFEST_NAME } from '#manifest';
import type { OwnedEntry } from './built-artifact.ts';
import type { DiskFile } from './disk-file.ts';
import type { EspFile } from './esp.ts';
import { type BiosBoot, placeBiosBoot } from './grub.ts';
import type { Work } from './image-input.ts';
import { imageManifest, manifestText } from './image-manifest.ts';
import { ESP_FILE } from './make-esp.ts';
import { moveSparse } from './sparse-file.ts';

/** An assembled image. */
export type Image = {
  readonly imagePath: HostPath;
  readonly manifestPath: HostPath;
  readonly manifest: ImageManifest;
  readonly digest: Digest;
  readonly sizeBytes: number;
};

/** What of a disk is known before its root is. */
export type Head = { readonly bios: BiosBoot; readonly espFiles: readonly EspManifestFile[] };

/** Writes what lies before the root: table, boot code, ESP. Meanwhile the root may be filled. */
export async function writeHead(
  work: Work,
  disk: DiskFile,
  { layout, esp }: { readonly layout: Layout; readonly esp: readonly EspFile[] },
): Promise<Head> {
  const { folders } = work;
  const bios = placeBiosBoot(
    await readFile(join(folders.esp, 'boot.img')),
    await readFile(join(folders.esp, 'core.img')),
    layout,
  );
  const root = partitionOf(layout, 'root');
  const tables = encodeLayout(layout, bios.bootCode);
  await disk.put([
    ...tables.filter(({ startSector }) => startSector < root.startSector),
    bios.core,
    { startSector: partitionOf(layout, 'esp').startSector, file: join(folders.esp, ESP_FILE) },
  ]);
  return { bios, espFiles: await describeEsp(folders.esp, esp) };
}

/** Ends the disk, puts image and manifest beside what is there, and renames them last: neither is seen half-written. */
export async function publish(
  work: Work,
  disk: DiskFile,
  { layout, entries, head }: { layout: Layout; entries: readonly OwnedEntry[]; head: Head },
): Promise<Image> {
  const { context } = work;
  const imagePath = join(context.outFolder, IMAGE_NAME);
  const manifestPath = join(context.outFolder, MANIFEST_NAME);
  await mkdir(context.outFolder, { recursive: true });

  const root = partitionOf(layout, 'root');
  await disk.takeIn(root);
  const tables = encodeLayout(layout);
  await disk.put(tables.filter(({ startSector }) => startSector > root.startSector));
  const digest = await disk.finish();
  await moveSparse(disk.path, `${imagePath}.partial`);

  const sizeBytes = layout.sizeSectors * SECTOR_BYTES;
  const manifest = imageManifest({ ...work, ...head, layout, entries, digest, sizeBytes });
  await writeFile(`${manifestPath}.partial`, manifestText(manifest), { flush: true });
  await rename(`${manifestPath}.partial`, manifestPath);
  await rename(`${imagePath}.partial`, imagePath);
  return { imagePath, manifestPath, manifest, digest, sizeBytes };
}

async function describeEsp(folder: HostPath, files: readonly EspFile[]): Promise<EspManifestFile[]> {
  const described: EspManifestFile[] = [];
  for (const { path, staged, isOptional, build, from } of files) {
    try {
      const bytes = await readFile(join(folder, staged));
      described.push({
        path,
        sha256: digestOfBytes(bytes),
        size: bytes.length,
        build,
        ...(from && { from }),
      });
    } catch (error) {
      if (!isOptional || !isErrno(error, 'ENOENT')) throw error;
    }
  }
  return described.sort((a, b) => (a.path < b.path ? -1 : 1));
}
