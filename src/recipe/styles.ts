import { joinShell, sh } from './sh.ts';
import type {
  Build,
  Exception,
  ProfileField,
  SandboxKind,
  Shell,
  Stage,
  StageContext,
  Style,
} from './types.ts';

/** What every style takes. */
export type CommonOptions = {
  /** Builds of the same stage by recipe name, or of an earlier stage as `stage/name`. Sorted. */
  readonly needs?: readonly string[];
  /** Chapter 7 of the temporary system runs in `chroot`; every other stage knows its sandbox. */
  readonly sandbox?: SandboxKind;
  readonly base?: 'stages' | 'none';
  readonly env?: Readonly<Record<string, string | null>>;
  readonly exceptions?: Readonly<Record<string, Exception>>;
  readonly replaces?: readonly string[];
  readonly fromProfile?: readonly ProfileField[];
  readonly prepare?: Shell;
  readonly check?: Shell;
  readonly adjust?: Shell;
};

/** Options of the styles for configure and make. */
export type AutotoolsOptions = CommonOptions & {
  /** Words for configure, unquoted: `$SYSROOT` and the like are expanded by the shell. */
  readonly configure?: readonly string[];
  /** Configures and builds in this folder of the source, as some packages ask for. */
  readonly buildDir?: string;
  /** Words for make: targets and assignments. */
  readonly make?: readonly string[];
  /** Words for make that install; default: `install`. */
  readonly makeInstall?: readonly string[];
};

/** configure, make, make install: most of LFS. The stage decides on --host, --build and DESTDIR. */
export function autotools(options: AutotoolsOptions = {}): Style {
  return (at) => {
    const sandbox = sandboxOf(at.stage, options);
    const cross = sandbox === 'cross' ? ['--host=$TARGET', '--build=$BUILD'] : [];
    return configureAndMake(at, options, {
      prefix: '/usr',
      crossWords: cross,
      runsOn: 'target',
      install: sh`make DESTDIR=$OUT ${options.makeInstall ?? ['install']}`,
    });
  };
}

/**
 * A tool of the cross-toolchain: it runs on the build machine, lives in /mnt/lfs/tools, and makes code for the
 * target. It must not get --host, and it is installed to where it will run, seen from $OUT.
 */
export function crossTool(options: AutotoolsOptions = {}): Style {
  return (at) =>
    configureAndMake(at, options, {
      prefix: '$LFS/tools',
      crossWords: ['--target=$TARGET', '--build=$BUILD'],
      runsOn: 'build-machine',
      install: sh`
        make DESTDIR=$WORK/installed ${options.makeInstall ?? ['install']}
        cp -a $WORK/installed$LFS/. $OUT/
        rm -rf $WORK/installed
      `,
    });
}

/** meson and ninja. The build type is plain: LFS's `release` would add flags of its own to the stage's. */
export function meson(options: CommonOptions & { readonly configure?: readonly string[] } = {}): Style {
  return (at) =>
    build(at, options, 'target', {
      configure: sh`meson setup $WORK/meson --prefix=/usr --buildtype=plain ${options.configure ?? []}`,
      build: sh`ninja -C $WORK/meson -j $JOBS`,
      install: sh`DESTDIR=$OUT ninja -C $WORK/meson install`,
    });
}

/** The phases written out, for what has a way of its own. */
export function script(
  options: CommonOptions & {
    readonly runsOn?: Build['runsOn'];
    readonly configure?: Shell;
    readonly build?: Shell;
    readonly install?: Shell;
  },
): Style {
  return (at) =>
    build(at, options, options.runsOn ?? 'target', {
      configure: options.configure,
      build: options.build,
      install: options.install,
    });
}

type Way = {
  readonly prefix: string;
  readonly crossWords: readonly string[];
  readonly runsOn: Build['runsOn'];
  readonly install: Shell;
};

function configureAndMake(at: StageContext, options: AutotoolsOptions, way: Way): Build {
  const directory = options.buildDir;
  const words = [`--prefix=${way.prefix}`, ...way.crossWords, ...(options.configure ?? [])];
  const enter = directory === undefined ? undefined : `cd ${directory}`;
  const configure =
    directory === undefined
      ? sh`./configure ${words}`
      : sh`
          mkdir -p ${directory}
          cd ${directory}
          ${directory.startsWith('/') ? '/build/source' : '..'}/configure ${words}
        `;
  return build(at, options, way.runsOn, {
    configure,
    build: joinShell(enter, sh`make ${options.make ?? []}`),
    check: options.check === undefined ? undefined : joinShell(enter, options.check),
    install: joinShell(enter, way.install),
  });
}

type OwnPhases = {
  readonly [phase in 'configure' | 'build' | 'check' | 'install']?: Shell | undefined;
};

function build(at: StageContext, options: CommonOptions, runsOn: Build['runsOn'], own: OwnPhases): Build {
  const phases = {
    prepare: options.prepare,
    configure: own.configure,
    build: own.build,
    check: own.check ?? options.check,
    install: own.install,
    adjust: options.adjust,
  };
  return {
    sandbox: sandboxOf(at.stage, options),
    runsOn,
    base: options.base ?? 'stages',
    needs: options.needs ?? [],
    env: options.env ?? {},
    phases: Object.fromEntries(Object.entries(phases).filter(([, text]) => text !== undefined)),
    exceptions: options.exceptions ?? {},
    replaces: options.replaces ?? [],
    fromProfile: options.fromProfile ?? [],
  };
}

function sandboxOf(stage: Stage, options: CommonOptions): SandboxKind {
  return options.sandbox ?? (stage === 'final' || stage === 'system' ? 'chroot' : 'cross');
}
