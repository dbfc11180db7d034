/** Why a drive is not written. */
export type RefusalKind =
  // What it is.
  | 'missing'
  | 'not-a-block-device'
  | 'partition'
  | 'virtual'
  | 'optical'
  | 'floppy'
  | 'no-medium'
  | 'read-only'
  | 'sector-size'
  // What it is in use for.
  | 'system-disk'
  | 'mounted'
  | 'swap'
  | 'held'
  | 'in-use'
  // What is on it.
  | 'raid'
  | 'lvm'
  | 'encrypted'
  | 'btrfs'
  | 'zfs'
  | 'bcache'
  | 'pool'
  | 'unreadable'
  // The image.
  | 'holds-image'
  | 'too-small'
  // Which one it is.
  | 'not-removable'
  | 'large'
  | 'no-serial'
  | 'other-serial';

/** One reason why a drive is not written, and what its owner can do about it. */
export type Refusal = { readonly kind: RefusalKind; readonly message: string; readonly hint: string };
