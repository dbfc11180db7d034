import type { Digest } from '#base';

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

/** A partition as it was laid out. */
export type ManifestPartition = {
  readonly number: number;
  readonly role: string;
  readonly typeGuid: string;
  readonly partUuid: string;
  readonly startSector: number;
  readonly sizeSectors: number;
  readonly fileSystem: FileSystem | null;
};

/** What lies outside of file systems, and starts the machine. */
export type BootDigests = {
  /** Of the boot code, the first 440 bytes of sector 0. */
  readonly bootCode: Digest;
  /** Of the whole BIOS boot partition. */
  readonly biosBoot: Digest;
};

/** What an image holds: enough to tell whether a stick still holds it. Written as `manifest.json`. */
export type ImageManifest = {
  readonly format: 1;
  readonly profile: string;
  /** SHA-256 of the image file. */
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly sourceDateEpoch: number;
  readonly diskGuid: string;
  readonly partitions: readonly ManifestPartition[];
  /** Absent in manifests that were written before there was a `verify`. */
  readonly boot?: BootDigests;
  /** Of the root file system, by path. */
  readonly files: readonly ImageFile[];
  readonly espFiles: readonly EspManifestFile[];
};
