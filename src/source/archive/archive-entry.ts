/** One entry of an archive, after its name was checked. */
export type ArchiveEntry = {
  readonly kind: 'file' | 'folder' | 'link' | 'hard-link';
  /** Below the archive's top; empty for the top itself. */
  readonly path: string;
  readonly mode: number;
  /** Of a file; 0 for the rest. */
  readonly sizeBytes: number;
  /** Of a link the text, of a hard link the path of a file; empty for the rest. */
  readonly target: string;
};
