/** What is built for: architecture, triplet and compiler flags. All of it enters keys. */
export type Target = {
  readonly cpu: 'x86_64';
  /** GNU `--host` of everything that is cross-compiled; LFS calls it LFS_TGT. */
  readonly triplet: string;
  /** GNU `--build`: fixed, so that the same bytes come out on any build machine. */
  readonly build: string;
  /** Flags of everything that ships: the hardened set. */
  readonly hardenedFlags: string;
  readonly hardenedLinkFlags: string;
};

/** A PC with the x86-64 baseline: the only target there is. PIE comes from the compiler (--enable-default-pie). */
export const X86_64: Target = {
  cpu: 'x86_64',
  triplet: 'x86_64-lfs-linux-gnu',
  build: 'x86_64-pc-linux-gnu',
  hardenedFlags:
    '-O2 -pipe -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -D_FORTIFY_SOURCE=3',
  hardenedLinkFlags: '-Wl,-z,relro,-z,now',
};
