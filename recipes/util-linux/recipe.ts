import { autotools, defineRecipe, disable, sh, without } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'util-linux',
  license: 'GPL-2.0-or-later AND LGPL-2.1-or-later AND BSD-3-Clause',
  builds: {
    // LFS chapter07/util-linux.
    temporary: autotools({
      sandbox: 'chroot',
      configure: [
        // With /usr as prefix configure would choose /bin and /sbin, which are links that these folders would hide.
        '--bindir=/usr/bin',
        '--libdir=/usr/lib',
        '--sbindir=/usr/sbin',
        '--runstatedir=/run',
        'ADJTIME_PATH=/var/lib/hwclock/adjtime',
        ...disable('chfn-chsh', 'login', 'nologin', 'runuser', 'setpriv', 'su'),
        ...disable('liblastlog2', 'nls', 'pylibmount', 'static'),
        // Owners and setuid bits cannot be set in a sandbox.
        ...disable('makeinstall-chown', 'makeinstall-setuid', 'use-tty-group'),
        ...without('python'),
      ],
    }),
    // LFS chapter08/util-linux. mount and umount get no setuid bit: only root mounts.
    final: autotools({
      needs: ['glibc', 'libxcrypt', 'ncurses', 'pkgconf'],
      // agetty lets a serial line calm down for a second before it asks who it is: a second of every boot. Only a modem
      // makes noise, and --local-line says that there is none.
      prepare: sh`
        sed -i '/Flush pending input/,/sleep(1)/s/== 0)$/== 0 \&\& op->clocal != CLOCAL_MODE_ALWAYS)/' term-utils/agetty.c
        grep -q 'op->clocal != CLOCAL_MODE_ALWAYS)$' term-utils/agetty.c
      `,
      configure: [
        // With /usr as prefix configure would choose /bin, /sbin and /lib, which are links that these folders would hide.
        '--bindir=/usr/bin',
        '--libdir=/usr/lib',
        '--sbindir=/usr/sbin',
        '--runstatedir=/run',
        'ADJTIME_PATH=/var/lib/hwclock/adjtime',
        // shadow has these: chfn, chsh, login, nologin and su. runuser asks for PAM, setpriv for libcap-ng.
        ...disable('chfn-chsh', 'login', 'nologin', 'su', 'runuser', 'setpriv'),
        ...disable('static', 'liblastlog2', 'pylibmount', 'bash-completion', 'asciidoc', 'poman', 'uuidd'),
        // The file systems of long ago; cramfs would take zlib.
        ...disable('cramfs', 'bfs', 'minix'),
        // Owners and modes never come from a build.
        ...disable('makeinstall-chown', 'makeinstall-setuid', 'makeinstall-tty-setgid'),
        // Of the temporary system, or not there at all: never to be found by chance.
        ...without('python', 'systemd', 'udev', 'libmagic', 'libz', 'readline', 'tinfo', 'econf', 'user'),
      ],
      check: sh`
        # A sandbox has no /sys, and its root no /etc/fstab.
        rm -r tests/ts/lsblk tests/ts/lsfd/column-{ainodeclass,type}
        make check
      `,
    }),
  },
});
