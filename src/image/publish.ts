import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOfBytes, type HostPath, isErrno } from '#base';
import { encodeLayout, type Layout, partitionOf, SECTOR_BYTES } from '#disk';
import { type EspManifestFile, IMAGE_NAME, type ImageManifest, MANIFEST_NAME } from '#manifest';
import type { OwnedEntry } from './built-artifact.ts';
import type { EspFile } from './esp.ts';
import { placeBiosBoot } from './grub.ts';
import type { Work } from './image-input.ts';
import { imageManifest, manifestText } from './image-manifest.ts';
import { ESP_FILE } from './make-esp.ts';
import { ROOT_FILE } from './make-root.ts';
import { writeDisk } from './write-disk.ts';

/** An assembled image. */
export type Image = {
  readonly imagePath: HostPath;
  readonly manifestPath: HostPath;
  readonly manifest: ImageManifest;
  readonly digest: Digest;
  readonly sizeBytes: number;
};

/** Writes image and manifest beside what is there, and renames them last: neither is ever seen half-written. */
export async function publish(
  work: Work,
  entries: readonly OwnedEntry[],
  layout: Layout,
  esp: readonly EspFile[],
): Promise<Image> {
  const { context, folders } = work;
  const imagePath = join(context.outFolder, IMAGE_NAME);
  const manifestPath = join(context.outFolder, MANIFEST_NAME);
  await mkdir(context.outFolder, { recursive: true });

  const bios = placeBiosBoot(
    await readFile(join(folders.esp, 'boot.img')),
    await readFile(join(folders.esp, 'core.img')),
    layout,
  );
  const digest = await writeDisk(`${imagePath}.partial`, layout.sizeSectors, [
    ...encodeLayout(layout, bios.bootCode),
    bios.core,
    { startSector: partitionOf(layout, 'esp').startSector, file: join(folders.esp, ESP_FILE) },
    { startSector: partitionOf(layout, 'root').startSector, file: join(folders.root, ROOT_FILE) },
  ]);
  const sizeBytes = layout.sizeSectors * SECTOR_BYTES;
  const espFiles = await describeEsp(folders.esp, esp);
  const manifest = imageManifest({ ...work, layout, bios, entries, espFiles, digest, sizeBytes });
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
