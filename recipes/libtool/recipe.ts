import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'libtool',
  license: 'GPL-2.0-or-later WITH Libtool-exception',
  builds: {
    // LFS chapter08/libtool.
    final: autotools({
      needs: ['glibc'],
      configure: ['--disable-static'],
      check: sh`make check TESTSUITEFLAGS=-j$JOBS`,
    }),
  },
});
