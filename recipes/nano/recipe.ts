import { autotools, defineRecipe, disable, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'nano',
  license: 'GPL-3.0-or-later',
  builds: {
    // Not in LFS.
    // No check: it has no tests.
    final: autotools({
      needs: ['glibc', 'ncurses', 'pkgconf'],
      configure: ['--sysconfdir=/etc', '--enable-utf8', ...disable('nls', 'libmagic', 'speller', 'extra')],
      // Colours for what people edit here.
      adjust: sh`
        mkdir -p $OUT/etc
        printf '%s\n' 'include /usr/share/nano/*.nanorc' 'set constantshow' > $OUT/etc/nanorc
      `,
    }),
  },
});
