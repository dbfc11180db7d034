import { autotools, defineRecipe, disable } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'psmisc',
  license: 'GPL-2.0-or-later',
  description: 'killall, pstree, fuser …',
  builds: {
    // LFS chapter08/psmisc. Its own hardening asks for less than ours does.
    // No check: its tests ask for DejaGnu.
    final: autotools({
      needs: ['glibc', 'ncurses', 'pkgconf'],
      configure: disable('harden-flags', 'nls'),
    }),
  },
});
