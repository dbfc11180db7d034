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
        mkdir $WORK/bin $WORK/locales
        localedef -i de_DE -f UTF-8 $WORK/locales/de_DE.utf8
        localedef -i fr_FR -f ISO-8859-1 $WORK/locales/fr_FR.iso88591
        localedef -i ja_JP -f SHIFT_JIS --no-warnings=ascii $WORK/locales/ja_JP.sjis
        localedef -i zh_HK -f BIG5-HKSCS $WORK/locales/zh_HK.big5hkscs
        echo 'exec grep -E "$@"' > $WORK/bin/egrep
        echo 'ls $LOCPATH; exec /usr/bin/locale "$@"' > $WORK/bin/locale
        chmod +x $WORK/bin/*
        cd tests
        sed -i 's/sh $x ;/sh $x || failed=1 ;/; s/^exit 0$/exit $failed/' run-all
        # A sandbox has no core files to limit, Linux counts its signals in another order, and echo may take 0.01 s.
        sed -i 's/^ulimit.*/:/' builtins.tests
        sed -i 1d builtins.right
        sed -i '/ SIGTERM$/{N;s/\(.*\)\n\(.* SIGUSR1\)$/\2\n\1/}' exec.right
        sed -i 's/tests >\(.*\) 2>&1$/tests 2>\&1 | sed s,0[.]0.,0.00, >\1/' run-posixpipe
        cd ..
        export PATH=$WORK/bin:$PATH LOCPATH=$WORK/locales
        printf '%s\n' 'import os, pty, sys' 'sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' > $WORK/on-terminal.py
        python3 $WORK/on-terminal.py env --default-signal make check < /dev/null
      `,
      adjust: sh`ln -s bash $OUT/usr/bin/sh`,
    }),
  },
});
