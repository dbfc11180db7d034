import { autotools, defineRecipe, disable, enable, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'e2fsprogs',
  license: 'GPL-2.0-only AND LGPL-2.0-only AND BSD-3-Clause AND MIT',
  builds: {
    // LFS chapter08/e2fsprogs. mke2fs loads libarchive when it runs, to fill a file system from a tar.
    final: autotools({
      needs: ['glibc', 'libarchive', 'pkgconf', 'util-linux'],
      buildDir: 'build',
      configure: [
        '--sysconfdir=/etc',
        '--enable-elf-shlibs',
        // util-linux has these.
        ...disable('libblkid', 'libuuid', 'uuidd', 'fsck'),
        '--disable-fuse2fs',
        // An artifact has no hard links: mkfs.ext4 and fsck.ext4 would be copies.
        ...enable('symlink-install', 'relative-symlinks'),
        '--with-libarchive=dlopen',
        // Nothing here reads files of udev, cron or systemd.
        '--with-udev-rules-dir=no',
        '--with-crond-dir=no',
        '--with-systemd-unit-dir=no',
      ],
      check: sh`make check`,
      adjust: sh`
        rm $OUT/usr/lib/lib{com_err,e2p,ext2fs,ss}.a
        # It checks snapshots of LVM, which is not there.
        rm -f $OUT/usr/sbin/e2scrub $OUT/usr/sbin/e2scrub_all $OUT/etc/e2scrub.conf
      `,
    }),
  },
});
