import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'automake',
  license: 'GPL-2.0-or-later',
  builds: {
    // LFS chapter08/automake.
    final: autotools({
      needs: ['autoconf', 'glibc'],
      // All of them take hours: make check.
      check: sh`make check TESTS="$(echo t/{aclocal,cond,remake,subobj,suffix}*.sh)"`,
    }),
  },
});
