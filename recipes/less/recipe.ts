import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'less',
  license: 'GPL-3.0-or-later OR BSD-2-Clause',
  builds: {
    // LFS chapter08/less.
    final: autotools({
      needs: ['glibc', 'ncurses'],
      configure: ['--sysconfdir=/etc', '--with-regex=posix'],
      check: sh`make check`,
    }),
  },
});
