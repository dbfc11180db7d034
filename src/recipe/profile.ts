/** Somebody that a program runs as: nobody can log in, and the group has the same name and number. */
export type Account = {
  readonly name: string;
  /** Of user and group; below 1000, where those of people begin. */
  readonly id: number;
  /** One line for people. */
  readonly description: string;
  /** Default: none. */
  readonly home?: string;
};

/** What goes into an image: a readable file under config/profiles/. */
export type Profile = {
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  /** Builds whose files ship, as `stage/name`. What they need to be built is built, but does not ship. */
  readonly packages: readonly string[];
  /**
   * Paths that do not ship, as globs over absolute paths of the running system: `/usr/include/**`. What a glob behind
   * a `!` matches ships all the same.
   */
  readonly exclude: readonly string[];
  readonly kernel: {
    /** The build that gives /boot/vmlinuz. */
    readonly build: string;
    /** Fragments, config/kernel/NAME.config, merged in this order. */
    readonly fragments: readonly string[];
    /** Words for the kernel's command line, after root=. */
    readonly commandLine: readonly string[];
  };
  readonly initrd: {
    /** The init program: an absolute path among the files of `build`. */
    readonly init: string;
    /** Programs that go in, with the libraries they name (NEEDED), as absolute paths of shipped files. */
    readonly programs: readonly string[];
  } | null;
  readonly hostname: string;
  /** A name of the tz database: `UTC`, `Europe/Berlin`. */
  readonly timezone: string;
  /** Services that are started at boot, by name of their script. */
  readonly services: readonly string[];
  /** Accounts that programs run as, beside those that every system has. `system/accounts` writes them. */
  readonly accounts?: readonly Account[];
  readonly image: {
    readonly espSizeBytes: number;
    /** Free room in the root file system of the image file; on a stick it is grown to the whole drive. */
    readonly rootFreeBytes: number;
    /** Whose mke2fs, mtools and GRUB make the image: the project's own builds, or (test profiles) the host's. */
    readonly tools: 'own' | 'host';
    /** Which entry of the protective MBR carries the active flag, for BIOSes that want one; default `dummy`. */
    readonly activeFlag?: 'none' | 'dummy' | 'protective';
  };
};

/** Makes a profile; a place for the compiler to check one. */
export function defineProfile(profile: Profile): Profile {
  return profile;
}
