import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'opendoas',
  license: 'ISC AND BSD-3-Clause',
  description: 'doas: a command as root, for those of the group wheel',
  builds: {
    // Not in LFS.
    // No check: it has no tests.
    final: script({
      needs: ['glibc', 'libxcrypt'],
      configure: sh`./configure --prefix=/usr --sysconfdir=/etc --without-pam --with-timestamp`,
      build: sh`make YACC='bison -y'`,
      install: sh`
        make DESTDIR=$OUT BINMODE=0755 install
        install -D -m 644 $FILES/doas.conf $OUT/etc/doas.conf
      `,
      exceptions: {
        // What it is for.
        '/usr/bin/doas': { mode: '4755' },
        '/etc/doas.conf': { mode: '0400' },
      },
    }),
  },
});
