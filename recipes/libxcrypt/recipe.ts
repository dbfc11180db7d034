import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'libxcrypt',
  license: 'LGPL-2.1-or-later',
  builds: {
    // LFS chapter08/libxcrypt.
    final: autotools({
      needs: ['autoconf', 'automake', 'glibc', 'libtool', 'pkgconf'],
      // Debian's copy has no configure. Made anew from every origin, so that the needs do not depend on it.
      prepare: sh`autoreconf -fi`,
      configure: [
        '--enable-hashes=strong,glibc',
        // Nothing here was linked against glibc's old libcrypt.
        '--enable-obsolete-api=no',
        '--disable-static',
        '--disable-failure-tokens',
      ],
      check: sh`make check`,
    }),
  },
});
