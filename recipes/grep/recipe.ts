import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'grep',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/grep. The stage gives --host, --build and DESTDIR.
    temporary: autotools(),
    // LFS chapter08/grep.
    final: autotools({
      needs: ['glibc'],
      // egrep and fgrep warn that they are obsolete, which fails the tests of other packages.
      prepare: sh`sed -i "s/echo/#echo/" src/egrep.sh`,
      check: sh`make check`,
    }),
  },
});
