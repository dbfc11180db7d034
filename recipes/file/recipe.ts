import { autotools, defineRecipe, disable, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'file',
  license: 'BSD-2-Clause',
  builds: {
    // LFS chapter06/file.
    temporary: autotools({
      // The table of magic numbers is made by the same version's `file`, on the build machine.
      prepare: sh`
        mkdir build
        cd build
        ../configure ${disable('bzlib', 'libseccomp', 'xzlib', 'zlib')}
        make
      `,
      make: ['FILE_COMPILE=$PWD/build/src/file'],
    }),
    // LFS chapter08/file. It looks into what gzip packed, but not into what others did.
    final: autotools({
      needs: ['glibc', 'zlib'],
      configure: disable('static', 'bzlib', 'libseccomp', 'lzlib', 'xzlib', 'zstdlib'),
      check: sh`make check`,
    }),
  },
});
