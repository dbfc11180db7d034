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
      check: sh`
        # They ask for locales and a terminal, and whatever fails, the script that runs them exits with 0.
        while read -r locale charmap name; do
          localedef --no-archive --no-warnings=ascii -i $locale -f $charmap $WORK/$name
        done << 'END'
        de_DE UTF-8 de_DE.utf8
        fr_FR ISO-8859-1 fr_FR.iso88591
        ja_JP SHIFT_JIS ja_JP.sjis
        zh_HK BIG5-HKSCS zh_HK.big5hkscs
        END
        sed -i 's/sh $x ;/sh $x || failed=1 ;/; s/^exit 0$/exit $failed/' tests/run-all
        script -qec "LOCPATH=$WORK make check" /dev/null
      `,
      adjust: sh`ln -s bash $OUT/usr/bin/sh`,
    }),
  },
});
