import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'coreutils',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/coreutils. hostname is for the configure of perl.
    temporary: autotools({
      configure: ['--enable-install-program=hostname', '--enable-no-install-program=kill,uptime'],
      adjust: sh`
        mkdir -p $OUT/usr/sbin
        mv $OUT/usr/bin/chroot $OUT/usr/sbin/
      `,
    }),
    // LFS chapter08/coreutils, without the patch for character sets, which would take automake.
    final: autotools({
      needs: ['glibc'],
      // kill comes from util-linux, uptime from procps-ng.
      configure: ['--enable-no-install-program=kill,uptime', '--without-libgmp'],
      check: sh`make check`,
      // Where the FHS wants it.
      adjust: sh`
        mkdir -p $OUT/usr/sbin $OUT/usr/share/man/man8
        mv $OUT/usr/bin/chroot $OUT/usr/sbin/
        mv $OUT/usr/share/man/man1/chroot.1 $OUT/usr/share/man/man8/chroot.8
        sed -i 's/"1"/"8"/' $OUT/usr/share/man/man8/chroot.8
      `,
    }),
  },
});
