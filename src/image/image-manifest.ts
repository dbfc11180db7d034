import { canonicalJson, type Digest, digestOfBytes } from '#base';
import { type Layout, partitionOf, SECTOR_BYTES, volumeUuid } from '#disk';
import type { BootDigests, EspManifestFile, FileSystem, ImageFile, ImageManifest } from '#manifest';
import type { Profile } from '#recipe';
import { IMAGE_BUILD, type OwnedEntry } from './built-artifact.ts';
import { ESP_LABEL } from './esp.ts';
import { ROOT_LABEL } from './ext4.ts';
import type { BiosBoot } from './grub.ts';
import type { ImageIdentity } from './identity.ts';

/** What a manifest is made of. */
export type ManifestInput = {
  readonly profile: Profile;
  readonly identity: ImageIdentity;
  readonly layout: Layout;
  readonly bios: BiosBoot;
  readonly entries: readonly OwnedEntry[];
  readonly espFiles: readonly EspManifestFile[];
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly sourceDateEpoch: number;
};

/** Makes the manifest of an image. */
export function imageManifest(input: ManifestInput): ImageManifest {
  const { identity, layout } = input;
  const fileSystems = new Map<number, FileSystem>([
    [
      partitionOf(layout, 'esp').number,
      { type: 'fat32', uuid: volumeUuid(identity.espVolumeId), label: ESP_LABEL },
    ],
    [partitionOf(layout, 'root').number, { type: 'ext4', uuid: identity.rootUuid, label: ROOT_LABEL }],
  ]);
  return {
    format: 1,
    profile: input.profile.name,
    digest: input.digest,
    sizeBytes: input.sizeBytes,
    sourceDateEpoch: input.sourceDateEpoch,
    diskGuid: layout.diskGuid,
    partitions: layout.partitions.map(({ number, role, typeGuid, guid, startSector, sizeSectors }) => ({
      number,
      role,
      typeGuid,
      partUuid: guid,
      startSector,
      sizeSectors,
      fileSystem: fileSystems.get(number) ?? null,
    })),
    boot: bootDigests(layout, input.bios),
    files: input.entries.map(imageFile),
    espFiles: input.espFiles,
  };
}

/** Zeros fill the BIOS boot partition behind core.img. */
function bootDigests(layout: Layout, { bootCode, core }: BiosBoot): BootDigests {
  const partition = Buffer.alloc(partitionOf(layout, 'bios-boot').sizeSectors * SECTOR_BYTES);
  partition.set(core.bytes);
  return { bootCode: digestOfBytes(bootCode), biosBoot: digestOfBytes(partition) };
}

function imageFile({ entry, build }: OwnedEntry): ImageFile {
  if (entry.type !== 'file') return { ...entry, build };
  const { sizeBytes, ...rest } = entry;
  return { ...rest, size: sizeBytes, build };
}

/** The builds that an image has files of, on its root file system and on the ESP, sorted; without the image itself. */
export function buildsOf({ files, espFiles }: Pick<ImageManifest, 'files' | 'espFiles'>): readonly string[] {
  const ofRoot = files.filter(({ type }) => type !== 'directory').map(({ build }) => build);
  const ofEsp = espFiles.flatMap(({ build, from = [] }) => [build, ...from]);
  return [...new Set([...ofRoot, ...ofEsp])].filter((build) => build !== IMAGE_BUILD).sort();
}

/** The manifest as text: one spelling, one line. */
export function manifestText(manifest: ImageManifest): string {
  return `${canonicalJson(manifest)}\n`;
}
