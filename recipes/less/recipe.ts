import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'less',
  license: 'GPL-3.0-or-later OR BSD-2-Clause',
  builds: {
    // LFS chapter08/less.
    final: autotools({
      needs: ['glibc', 'ncurses'],
      configure: ['--sysconfdir=/etc', '--with-regex=posix'],
      check: sh`
        # On a copy: they make the program anew, for a test of its own.
        cp -a . $WORK/copy
        make -C $WORK/copy check
      `,
    }),
  },
});
