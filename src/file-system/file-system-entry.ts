import type { Problem, TargetPath } from '#base';

/** What a path of a file system is. */
export type EntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'block-device'
  | 'character-device'
  | 'fifo'
  | 'socket';

/** One path of a file system, absolute from its root. */
export type FileSystemEntry = {
  readonly path: TargetPath;
  readonly type: EntryType;
  /** Octal text, as in manifests: `0755`. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  /** Of a symlink. */
  readonly target?: string;
  /** Inode or first cluster: hard links of one file have the same. */
  readonly number: number;
  /** Names of the file. */
  readonly linkCount: number;
  /** Whether it has extended attributes: capabilities, access lists. */
  readonly hasAttributes: boolean;
};

/** A path that could not be read: what is in its place, or below it, is unknown. */
export type DamagedEntry = { readonly path: TargetPath; readonly type: 'damaged'; readonly problem: Problem };

/** What walking through a file system meets. */
export type WalkedEntry = FileSystemEntry | DamagedEntry;

/** Longer than any system call takes (PATH_MAX is 4096); deeper trees can be made, but only by ill will. */
export const LONGEST_PATH = 16384;
