import type { Target } from './target.ts';

/** The five parts of the method, in their order. */
export const STAGES = ['prepare', 'toolchain', 'temporary', 'final', 'system'] as const;
export type Stage = (typeof STAGES)[number];

/** What happens inside a build, in this order. `check` runs only on `--check`. */
export const PHASES = ['prepare', 'configure', 'build', 'check', 'install', 'adjust'] as const;
export type Phase = (typeof PHASES)[number];

/** Shell text, made by `sh`. Every phase runs in bash under `set -eu -o pipefail`, in the source's folder. */
export type Shell = string & { readonly __brand: 'Shell' };

/**
 * The kind of sandbox. `cross`: the build root at /mnt/lfs, the host's /usr read-only.
 * `chroot`: the build root at /, nothing of the host.
 */
export type SandboxKind = 'cross' | 'chroot';

/** What a profile can hand to a build, as text files in `$PROFILE`; each enters the build's key. */
export const PROFILE_FIELDS = ['kernel.config', 'hostname', 'timezone', 'services', 'accounts'] as const;
export type ProfileField = (typeof PROFILE_FIELDS)[number];

/** The owner and mode of one path where they are not 0:0 with a plain mode. They enter the key. */
export type Exception = {
  /** Octal, with the setuid, setgid and sticky bits: `4755`. */
  readonly mode?: string;
  readonly uid?: number;
  readonly gid?: number;
};

/** One recipe in one stage, as plain data: what a style gives back. */
export type Build = {
  readonly sandbox: SandboxKind;
  /** Where the results run. Tools for the build machine never enter a `chroot` sysroot. */
  readonly runsOn: 'build-machine' | 'target';
  /** Whether the sysroot holds all earlier stages (LFS's way), or only what `needs` names. */
  readonly base: 'stages' | 'none';
  /** Builds of the same stage by recipe name, or of an earlier one as `stage/name`. */
  readonly needs: readonly string[];
  /** Added to the stage's environment; null takes a variable out. */
  readonly env: Readonly<Record<string, string | null>>;
  readonly phases: Readonly<Partial<Record<Phase, Shell>>>;
  /** Exceptions by absolute path of the running system. */
  readonly exceptions: Readonly<Record<string, Exception>>;
  /** Builds whose files this one may take the place of, as `stage/name`. */
  readonly replaces: readonly string[];
  readonly fromProfile: readonly ProfileField[];
};

/** What a style is told about the place where it is used. */
export type StageContext = { readonly stage: Stage; readonly target: Target };

/** A function from stage to build; it runs while planning and does nothing else. */
export type Style = (at: StageContext) => Build;

/** How one package is built, per stage. */
export type Recipe = {
  readonly name: string;
  /** An SPDX expression. */
  readonly license: string;
  /** One line for people. */
  readonly description?: string;
  /** Which pin is unpacked into which folder of the source; `.` is the source itself. */
  readonly sources: Readonly<Record<string, string>>;
  /**
   * What is not unpacked, by folder as in `sources`: globs over paths below the archive's top folder, of which no
   * part matches a slash. For archives of which the build reads a small part only.
   */
  readonly leaveOut?: Readonly<Record<string, readonly string[]>>;
  /**
   * Pins that its files were made of by another build, for a recipe that copies them and unpacks no source itself.
   * It decides no byte: the SBOM of an image names these sources.
   */
  readonly copiesFrom?: readonly string[];
  readonly builds: Readonly<Partial<Record<Stage, Style>>>;
};
