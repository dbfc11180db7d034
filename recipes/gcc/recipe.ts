import { autotools, crossTool, defineRecipe, disable, sh } from 'blazeneuro/recipe';

/** Libraries that nothing here needs, and parts that only make these compilers slower to build. */
const UNUSED = disable(
  'analyzer',
  'libatomic',
  'libcc1',
  'libgomp',
  'libitm',
  'libquadmath',
  'libsanitizer',
  'libssp',
  'libvtv',
  'lto',
  'multilib',
  'nls',
  'plugin',
);

/** The manuals are not wanted, and building them takes texinfo and perl. */
const NO_MANUALS = ['MAKEINFO=missing', 'GENERATED_MANPAGES='];

/** What both builds take. */
const MEND_BOTH = sh`
  # Without this, GCC looks for 64-bit libraries in lib64, which LFS does not have.
  sed -i '/m64=/s/lib64/lib/' gcc/config/i386/t-linux64
  # With a default of PIE, c++tools asks for a libiberty that only LTO makes.
  sed -i '/enable_default_pie; PICFLAG=-fPIE/s/-fPIE//' c++tools/configure
`;

export default defineRecipe({
  name: 'gcc',
  license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
  description: 'Compilers for C and C++',
  // GCC builds the last three itself when they lie in its tree.
  sources: { '.': 'gcc', gmp: 'gmp', mpc: 'mpc', mpfr: 'mpfr' },
  // Tests, and the run time of other languages: 127,000 of 140,000 files. The languages themselves stay: configure
  // goes by what each says of itself.
  leaveOut: {
    '.': [
      // The compiler tests itself by its selftests while it is built.
      'gcc/testsuite/[!s]*',
      'libffi',
      'libgfortran',
      'libgo',
      'libgomp',
      'libphobos',
      'libsanitizer',
      // The Makefile.in beside them is asked for.
      'libstdc++-v3/testsuite/*/*',
    ],
  },
  builds: {
    // LFS chapter05/gcc-pass1.
    toolchain: crossTool({
      needs: ['binutils'],
      buildDir: 'build',
      // What its libgcc is made with: the stage's own flags are for what is thrown away.
      env: { CFLAGS_FOR_TARGET: '-O2 -pipe' },
      prepare: MEND_BOTH,
      configure: [
        // A lower bound: what GCC may expect of glibc before there are headers that could say.
        '--with-glibc-version=2.41',
        '--with-sysroot=$LFS',
        // There is no C library yet; these two keep libgcc from asking for one.
        '--with-newlib',
        '--without-headers',
        '--enable-default-pie',
        '--enable-default-ssp',
        // The objects of libgcc are linked into glibc; without this they would take its CET marks away.
        '--enable-cet',
        '--enable-languages=c,c++',
        ...disable('libstdcxx', 'shared', 'threads'),
        ...UNUSED,
      ],
      make: NO_MANUALS,
      makeInstall: [...NO_MANUALS, 'install'],
      // Without the C library's limits.h, GCC installs half of its own. Write the whole one, where GCC 13 and
      // later look for it, and make sure of the place: coreutils fails much later when it is a wrong one.
      adjust: sh`
        headers=$(dirname "$("$OUT/tools/bin/$TARGET-gcc" -print-libgcc-file-name)")/include
        test -f "$headers/stddef.h"
        cat gcc/limitx.h gcc/glimits.h gcc/limity.h > "$headers/limits.h"
      `,
    }),
    // LFS chapter06/gcc-pass2. Its libgcc_s and libstdc++ are the ones that ship, so they get the hardened flags.
    temporary: (at) =>
      autotools({
        buildDir: 'build',
        env: {
          // What only runs while GCC is built; the default would add debug information.
          CFLAGS_FOR_BUILD: '-O1 -pipe',
          CXXFLAGS_FOR_BUILD: '-O1 -pipe',
          CFLAGS_FOR_TARGET: at.target.hardenedFlags,
          CXXFLAGS_FOR_TARGET: at.target.hardenedFlags,
        },
        prepare: sh`
          ${MEND_BOTH}
          # The first compiler had no threads; libgcc and libstdc++ would be built without them as well.
          sed -i '/thread_header =/s/@.*@/gthr-posix.h/' libgcc/Makefile.in libstdc++-v3/include/Makefile.in
        `,
        configure: [
          '--target=$TARGET',
          // The libgcc of this build, not the first one, which could not handle C++ exceptions.
          `LDFLAGS_FOR_TARGET="-L$PWD/$TARGET/libgcc ${at.target.hardenedLinkFlags}"`,
          '--with-build-sysroot=$LFS',
          '--enable-default-pie',
          '--enable-default-ssp',
          '--enable-cet',
          '--enable-languages=c,c++',
          // Precompiled headers are large, and differ from build to build.
          '--disable-libstdcxx-pch',
          ...UNUSED,
        ],
        // libgcc would add -g.
        make: [...NO_MANUALS, 'LIBGCC2_DEBUG_CFLAGS='],
        makeInstall: [...NO_MANUALS, 'LIBGCC2_DEBUG_CFLAGS=', 'install'],
        adjust: sh`ln -s gcc $OUT/usr/bin/cc`,
      })(at),
  },
});
