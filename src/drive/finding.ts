/** Where something differs: in the partition tables and what lies outside of file systems, or in one of these. */
export type FindingPlace = 'disk' | 'esp' | 'root';

/** What became of something that the manifest names, or does not name. */
export type FindingKind = 'changed' | 'missing' | 'extra' | 'damaged';

/** One thing that is not as the manifest has it. */
export type Finding = {
  readonly place: FindingPlace;
  /** A path, or the name of a part of the disk. */
  readonly path: string;
  readonly kind: FindingKind;
  /** The build that it came from; absent for what the manifest does not name. */
  readonly build?: string;
  /** What differs: content, mode, owner, target, type, attributes; or what is wrong, in words. */
  readonly aspects: readonly Aspect[];
  /** Why a running system is expected to do this; absent where it is not. */
  readonly expectedBecause?: string;
};

/** A way in which something differs. */
export type Aspect = {
  readonly name: AspectName;
  /** For people: `4755 instead of 0755`. */
  readonly words: string;
};

export type AspectName =
  | 'content'
  | 'mode'
  | 'owner'
  | 'target'
  | 'type'
  | 'attributes'
  | 'presence'
  | 'names'
  | 'size'
  | 'state';
