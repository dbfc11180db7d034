import { canonicalJson, type Digest } from '#base';
import { type Layout, partitionOf } from '#disk';
import type { Profile } from '#recipe';
import { IMAGE_BUILD, type OwnedEntry } from './built-artifact.ts';
import { ESP_LABEL } from './esp.ts';
import { ROOT_LABEL } from './ext4.ts';
import { type ImageIdentity, volumeUuid } from './identity.ts';

/** A path of the running system, and the build that it came from. */
export type ImageFile = {
  readonly path: string;
  readonly build: string;
} & (
  | {
      readonly type: 'file';
      readonly sha256: Digest;
      readonly size: number;
      readonly mode: string;
      readonly uid: number;
      readonly gid: number;
    }
  | { readonly type: 'directory'; readonly mode: string; readonly uid: number; readonly gid: number }
  | { readonly type: 'symlink'; readonly target: string }
);

/** A file of the ESP, by its path there. */
export type EspManifestFile = {
  readonly path: string;
  readonly sha256: Digest;
  readonly size: number;
  readonly build: string;
  /** Of a file that the image itself made: the builds whose files are in it. */
  readonly from?: readonly string[];
};

/** The file system of a partition: the names by which others refer to it. */
export type FileSystem = { readonly type: 'fat32' | 'ext4'; readonly uuid: string; readonly label: string };

/** What an image holds: enough to tell whether a stick still holds it. Written as `manifest.json`. */
export type ImageManifest = {
  readonly format: 1;
  readonly profile: string;
  /** SHA-256 of the image file. */
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly sourceDateEpoch: number;
  readonly diskGuid: string;
  readonly partitions: readonly {
    readonly number: number;
    readonly role: string;
    readonly typeGuid: string;
    readonly partUuid: string;
    readonly startSector: number;
    readonly sizeSectors: number;
    readonly fileSystem: FileSystem | null;
  }[];
  /** Of the root file system, by path. */
  readonly files: readonly ImageFile[];
  readonly espFiles: readonly EspManifestFile[];
};

/** What a manifest is made of. */
export type ManifestInput = {
  readonly profile: Profile;
  readonly identity: ImageIdentity;
  readonly layout: Layout;
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
    files: input.entries.map(imageFile),
    espFiles: input.espFiles,
  };
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
