import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'perl',
  license: 'Artistic-1.0-Perl OR GPL-1.0-or-later',
  builds: {
    // LFS chapter07/perl, without a shared library and threads: it only runs other packages' scripts.
    temporary: script({
      sandbox: 'chroot',
      // What Configure would ask the machine or the clock for, and write into Config.pm.
      configure: sh`
        sh Configure -des -Dprefix=/usr -Dvendorprefix=/usr -Doptimize="$CFLAGS" \
          -Dman1dir=none -Dman3dir=none \
          -Dosvers=6 -Dmyuname=linux -Dmyhostname=blazeneuro -Dmydomain=.localdomain \
          -Dcf_by=root -Dcf_email=root@localhost -Dperladmin=root@localhost \
          -Dcf_time="$(date -u -d "@$SOURCE_DATE_EPOCH")"
      `,
      build: sh`make`,
      install: sh`make DESTDIR=$OUT install`,
      // The manual; nothing reads it here.
      adjust: sh`find $OUT/usr/lib/perl5 -name '*.pod' -delete`,
    }),
  },
});
