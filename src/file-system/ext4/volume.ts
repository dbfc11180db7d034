import type { ByteReader } from '../byte-reader.ts';
import type { Group } from './groups.ts';
import type { Superblock } from './superblock.ts';

/** An ext4 file system whose superblock and group descriptors were read. */
export type Volume = {
  readonly reader: ByteReader;
  /** The same, for what is read in small pieces and often. */
  readonly metadata: ByteReader;
  readonly superblock: Superblock;
  readonly groups: readonly Group[];
};
