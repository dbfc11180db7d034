import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'perl',
  license: 'Artistic-1.0-Perl OR GPL-1.0-or-later',
  builds: {
    // LFS chapter07/perl, without a shared library and threads: it only runs other packages' scripts.
    temporary: script({
      sandbox: 'chroot',
      // config.over has what Configure would ask the machine and the clock for, and write into Config.pm.
      configure: sh`
        cp $FILES/config.over .
        sh Configure -des -Dprefix=/usr -Dvendorprefix=/usr -Dman1dir=none -Dman3dir=none -Doptimize="$CFLAGS"
      `,
      build: sh`make`,
      install: sh`make DESTDIR=$OUT install.perl`,
      // The manual, like the pages that `install` would make of it; nothing reads it here.
      adjust: sh`find $OUT/usr/lib/perl5 -name '*.pod' -delete`,
    }),
  },
});
