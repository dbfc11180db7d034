import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// What others have: util-linux last, mesg, sulogin, utmpdump and wall, e2fsprogs logsave.
const programs = [
  'SBIN="init halt shutdown runlevel killall5 fstab-decode bootlogd"',
  'USRBIN=readbootlog',
  'MAN1=readbootlog.1',
  'MAN8="halt.8 init.8 killall5.8 poweroff.8 reboot.8 runlevel.8 shutdown.8 telinit.8 fstab-decode.8 bootlogd.8"',
];
const places = ['base_bindir=/usr/bin', 'base_sbindir=/usr/sbin', 'bindir=/usr/bin', 'usrdir=usr'];

export default defineRecipe({
  name: 'sysvinit',
  license: 'GPL-2.0-or-later',
  builds: {
    // LFS chapter08/sysvinit.
    // No check: it has no tests.
    final: script({
      needs: ['glibc'],
      prepare: sh`
        # The stage asks for a stronger one.
        sed -i 's/-D_FORTIFY_SOURCE=2 //' src/Makefile
      `,
      build: sh`make ${programs} ${places}`,
      install: sh`make ${programs} ${places} ROOT=$OUT install`,
      // procps-ng has pidof, util-linux last and lastb.
      adjust: sh`rm $OUT/usr/bin/pidof $OUT/usr/bin/lastb`,
    }),
  },
});
