import { autotools, defineRecipe, disable, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'kbd',
  license: 'GPL-2.0-or-later',
  description: 'Keymaps and fonts of the console',
  builds: {
    // LFS chapter08/kbd.
    // No check: nobody has seen its tests end in the sandbox yet.
    final: autotools({
      needs: ['autoconf', 'automake', 'flex', 'glibc', 'libtool', 'pkgconf'],
      prepare: sh`
        # Debian's copy has no configure. Made anew from every origin, so that the needs do not depend on it; without
        # gettext, whose macros no package here has, and which only translates messages.
        sed -i -e '/^AM_GNU_GETTEXT/d' -e '/po\/Makefile.in/d' configure.ac
        sed -i 's/ po / /' Makefile.am
        sed -i -z 's/ \\\n\t@INTLLIBS@//' src/Makefile.am
        autoreconf -fi
      `,
      configure: [
        '--datadir=/usr/share/kbd',
        '--localedir=/usr/share/locale',
        ...disable('static', 'nls', 'vlock', 'optional-progs', 'tests'),
      ],
      adjust: sh`
        # Keyboards of Amiga, Atari, Macintosh and Sun.
        rm -rf $OUT/usr/share/kbd/keymaps/{amiga,atari,mac,pine,ppc,sun}
        install -D -m 644 -t $OUT/usr/lib/blazeneuro/boot/start $FILES/40-keymap
      `,
    }),
  },
});
