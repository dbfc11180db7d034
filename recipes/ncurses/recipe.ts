import { autotools, defineRecipe, enable, sh, without } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'ncurses',
  license: 'X11-distribute-modifications-variant',
  builds: {
    // LFS chapter06/ncurses, without the binding for C++, which nothing here uses.
    temporary: autotools({
      // The terminal database is made by the same version's tic, on the build machine.
      prepare: sh`
        mkdir build
        cd build
        ../configure AWK=gawk ${without('ada', 'cxx-binding')}
        make -C include
        make -C progs tic
      `,
      configure: [
        ...without('ada', 'cxx-binding', 'debug', 'manpages', 'normal', 'tests'),
        '--with-shared',
        // The host's strip does not know the target's programs.
        '--disable-stripping',
        '--enable-widec',
        'AWK=gawk',
      ],
      makeInstall: ['TIC_PATH=$PWD/build/progs/tic', 'install'],
      // The wide functions for everyone: only that library is there.
      adjust: sh`
        ln -s libncursesw.so $OUT/usr/lib/libncurses.so
        sed -i 's/^#if.*XOPEN.*$/#if 1/' $OUT/usr/include/curses.h
      `,
    }),
    // LFS chapter08/ncurses, without the binding for C++, which nothing here uses.
    // No check: its tests are programs for somebody to look at.
    final: autotools({
      needs: ['glibc', 'pkgconf'],
      configure: [
        '--mandir=/usr/share/man',
        '--with-shared',
        ...without('debug', 'normal', 'ada', 'tests', 'cxx-binding'),
        // Links by name for the other names of a terminal, so that trimming the profile does not break them.
        ...enable('pc-files', 'symlinks'),
        '--with-pkg-config-libdir=/usr/lib/pkgconfig',
        '--disable-stripping',
      ],
      adjust: sh`
        # The wide functions for everyone: only that library is there.
        sed -i 's/^#if.*XOPEN.*$/#if 1/' $OUT/usr/include/curses.h
        for library in ncurses form panel menu; do
          ln -s "lib$library"w.so $OUT/usr/lib/lib$library.so
          ln -s "$library"w.pc $OUT/usr/lib/pkgconfig/$library.pc
        done
        ln -s libncursesw.so $OUT/usr/lib/libcurses.so
      `,
    }),
  },
});
