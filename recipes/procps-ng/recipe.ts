import { autotools, defineRecipe, disable, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'procps-ng',
  license: 'GPL-2.0-or-later AND LGPL-2.1-or-later',
  builds: {
    // LFS chapter08/procps-ng.
    final: autotools({
      needs: ['glibc', 'ncurses', 'pkgconf'],
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
