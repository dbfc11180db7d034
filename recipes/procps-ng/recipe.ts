import { autotools, defineRecipe, disable, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'procps-ng',
  license: 'GPL-2.0-or-later AND LGPL-2.1-or-later',
  builds: {
    // LFS chapter08/procps-ng.
    final: autotools({
      needs: ['glibc', 'ncurses', 'pkgconf'],
      // Our ncurses has one set of headers, the wide ones, where others keep the narrow ones.
      prepare: sh`sed -i 's:ncursesw/ncurses.h:ncurses.h:' src/watch.c`,
      configure: [
        // kill comes from util-linux. libnuma would be loaded when top runs.
        ...disable('static', 'kill', 'numa'),
        '--enable-watch8bit',
        '--without-systemd',
      ],
      check: sh`make check`,
    }),
  },
});
