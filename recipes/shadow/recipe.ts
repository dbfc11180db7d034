import { autotools, defineRecipe, disable, sh, without } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'shadow',
  license: 'BSD-3-Clause',
  builds: {
    // LFS chapter08/shadow.
    // No check: its tests ask for cmocka, or change accounts as root.
    final: autotools({
      needs: ['glibc', 'libxcrypt', 'pkgconf'],
      prepare: sh`
        # The strongest method of libxcrypt, private homes, and one folder of programs.
        sed -i etc/login.defs \
          -e 's:#ENCRYPT_METHOD DES:ENCRYPT_METHOD YESCRYPT:' \
          -e 's:^#HOME_MODE:HOME_MODE:' \
          -e 's:/var/spool/mail:/var/mail:' \
          -e '/PATH=/{s@/sbin:@@;s@/bin:@@}'
      `,
      configure: [
        '--sysconfdir=/etc',
        '--with-yescrypt',
        '--with-bcrypt',
        '--with-group-name-max-length=32',
        ...disable('static', 'logind', 'subordinate-ids'),
        ...without('libbsd', 'libpam', 'acl', 'attr', 'audit', 'selinux', 'btrfs', 'tcb', 'nscd', 'sssd'),
      ],
      // With /usr as prefix configure chooses / for programs, where they lay before /bin was a link.
      makeInstall: ['exec_prefix=/usr', 'install'],
      adjust: sh`
        # Few programs may act as root for others. These change one's own name, shell, group or the age of one's
        # password: root can do so for the user. What they do for root, they do without the bit.
        chmod u-s $OUT/usr/bin/{chage,chfn,chsh,expiry,gpasswd,newgrp}
      `,
      exceptions: {
        // Becoming root, and setting one's own password, cannot be done without.
        '/usr/bin/passwd': { mode: '4755' },
        '/usr/bin/su': { mode: '4755' },
      },
    }),
  },
});
