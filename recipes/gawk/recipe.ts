import { autotools, defineRecipe, disable, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'gawk',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/gawk.
    temporary: autotools({
      // Files that nobody needs.
      prepare: sh`sed -i 's/extras//' Makefile.in`,
    }),
    // LFS chapter08/gawk.
    final: autotools({
      needs: ['glibc'],
      // Files that nobody needs.
      prepare: sh`sed -i 's/extras//' Makefile.in`,
      // The persistent allocator makes gawk a program without PIE. The rest must not be found by chance.
      configure: [...disable('mpfr', 'pma'), '--without-readline'],
      check: sh`make check`,
      // The same program under the name of its version.
      adjust: sh`rm $OUT/usr/bin/gawk-*`,
    }),
  },
});
