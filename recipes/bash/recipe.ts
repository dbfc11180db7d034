import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'bash',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/bash.
    temporary: autotools({
      needs: ['ncurses'],
      // The last word: configure cannot run the test when cross-compiling, and would guess wrong.
      configure: ['--without-bash-malloc', 'bash_cv_strtold_broken=no'],
      adjust: sh`ln -s bash $OUT/usr/bin/sh`,
    }),
    // LFS chapter08/bash, with the readline of its own.
    final: autotools({
      needs: ['glibc', 'ncurses'],
      // The loadable builtins are examples, 40 libraries that nobody loads.
      prepare: sh`sed -i '/cd $(LOADABLES_DIR) && $(MAKE) .* $@ )/d' Makefile.in`,
      configure: ['--without-bash-malloc', '--with-curses'],
      check: sh`make check`,
      adjust: sh`ln -s bash $OUT/usr/bin/sh`,
    }),
  },
});
