import type { Target } from './target.ts';
import type { Build, SandboxKind, Stage } from './types.ts';

/** Where things are inside every sandbox; the same always, so that no path differs between two builds. */
export const SANDBOX_PATHS = {
  /** The work folder: sources, recipe files, what the build leaves. */
  work: '/build',
  source: '/build/source',
  files: '/build/files',
  profile: '/build/profile',
  out: '/out',
  /** The build root in `cross`: the seed's path. */
  lfs: '/mnt/lfs',
} as const;

/** 2025-01-01: the time of every file and of every build, unless SOURCE_DATE_EPOCH says otherwise. */
export const DEFAULT_SOURCE_DATE_EPOCH = 1735689600;

/** The environment of a build: LFS chapter 4 in `cross`, chapter 7 in `chroot`, plus what keeps builds alike. */
export function environmentOf(
  stage: Stage,
  build: Pick<Build, 'sandbox' | 'env'>,
  target: Target,
  sourceDateEpoch: number,
): Record<string, string> {
  const environment: Record<string, string | null> = {
    ...common(target, sourceDateEpoch),
    ...(build.sandbox === 'cross' ? crossEnvironment(target) : chrootEnvironment()),
    ...compilerFlags(stage, build.sandbox, target),
    ...build.env,
  };
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

function common(target: Target, sourceDateEpoch: number): Record<string, string> {
  return {
    WORK: SANDBOX_PATHS.work,
    FILES: SANDBOX_PATHS.files,
    PROFILE: SANDBOX_PATHS.profile,
    OUT: SANDBOX_PATHS.out,
    TARGET: target.triplet,
    BUILD: target.build,
    LC_ALL: 'POSIX',
    TZ: 'UTC',
    TERM: 'dumb',
    SOURCE_DATE_EPOCH: String(sourceDateEpoch),
    // Both order their tables by a random seed unless told otherwise.
    PERL_HASH_SEED: '0',
    PYTHONHASHSEED: '0',
    // configure of coreutils and tar refuses to run as uid 0; in a sandbox that is nobody's root.
    FORCE_UNSAFE_CONFIGURE: '1',
  };
}

/** LFS chapter04/settingenvironment. */
function crossEnvironment(target: Target): Record<string, string> {
  return {
    HOME: SANDBOX_PATHS.work,
    LFS: SANDBOX_PATHS.lfs,
    SYSROOT: SANDBOX_PATHS.lfs,
    LFS_TGT: target.triplet,
    PATH: `${SANDBOX_PATHS.lfs}/tools/bin:/usr/bin:/usr/sbin`,
    CONFIG_SITE: `${SANDBOX_PATHS.lfs}/usr/share/config.site`,
  };
}

/** LFS chapter07/chroot. */
function chrootEnvironment(): Record<string, string> {
  return { HOME: '/root', SYSROOT: '', PATH: '/usr/bin:/usr/sbin', CONFIG_SITE: '/usr/share/config.site' };
}

/**
 * What ships gets the hardened flags. What is thrown away is built quickly, and without debug information, which
 * autoconf's default (-g -O2) would add: docs/decisions/quickly-built-tools.md.
 */
function compilerFlags(stage: Stage, sandbox: SandboxKind, target: Target): Record<string, string> {
  if (sandbox === 'chroot' && stage !== 'temporary') {
    return {
      CFLAGS: target.hardenedFlags,
      CXXFLAGS: target.hardenedFlags,
      LDFLAGS: target.hardenedLinkFlags,
    };
  }
  return { CFLAGS: '-O1 -pipe', CXXFLAGS: '-O1 -pipe' };
}
