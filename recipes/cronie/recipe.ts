import { autotools, defineRecipe, disable, sh, without } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'cronie',
  license: 'ISC AND BSD-3-Clause',
  description: 'cron: commands at their time. Off unless the service crond is asked for',
  builds: {
    // Not in LFS.
    // No check: it has no tests.
    final: autotools({
      needs: ['glibc'],
      configure: [
        '--sysconfdir=/etc',
        '--localstatedir=/var',
        ...disable('anacron'),
        ...without('pam', 'selinux', 'audit'),
      ],
      adjust: sh`
        install -D -m 755 $FILES/crond $OUT/etc/init.d/crond
        mkdir -p $OUT/var/spool/cron $OUT/etc/cron.d
        # Who may have jobs: all but those whom this list names. Without a list only root may: crontab(1).
        install -m 644 /dev/null $OUT/etc/cron.deny
      `,
      exceptions: {
        // It writes the file of who calls it into a folder of root's.
        '/usr/bin/crontab': { mode: '4755' },
        '/var/spool/cron': { mode: '0700' },
      },
    }),
  },
});
