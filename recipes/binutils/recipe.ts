import { autotools, crossTool, defineRecipe, disable, enable, sh } from 'blazeneuro/recipe';

/** What every build of binutils here shares. */
const ALWAYS = [
  ...disable('nls', 'werror'),
  // gprofng wants Java and is not needed to build anything.
  '--enable-gprofng=no',
  // `ar` without times and owners: the same objects give the same archive.
  ...enable('deterministic-archives', 'new-dtags'),
  '--enable-default-hash-style=gnu',
  // Would be linked in when the machine happens to have them.
  '--without-zstd',
  '--without-debuginfod',
];

export default defineRecipe({
  name: 'binutils',
  license: 'GPL-3.0-or-later',
  description: 'Assembler, linker and tools for object files',
  builds: {
    // LFS chapter05/binutils-pass1.
    toolchain: crossTool({
      buildDir: 'build',
      configure: ['--with-sysroot=$LFS', ...ALWAYS],
      // The manuals are not wanted, and building them takes texinfo.
      make: ['MAKEINFO=true'],
      makeInstall: ['MAKEINFO=true', 'install'],
    }),
    // LFS chapter06/binutils-pass2.
    temporary: autotools({
      buildDir: 'build',
      // What only runs while binutils is built; the default would add debug information.
      env: { CFLAGS_FOR_BUILD: '-O1 -pipe' },
      // While it relinks, its libtool would look into the /usr/lib of the build machine first. The line of 2.44.
      prepare: sh`sed -i '6031s/$add_dir//' ltmain.sh`,
      // Static libraries would be compiled a second time, for nobody.
      configure: ['--enable-shared', '--disable-static', '--enable-64-bit-bfd', ...ALWAYS],
      make: ['MAKEINFO=true'],
      makeInstall: ['MAKEINFO=true', 'install'],
    }),
  },
});
