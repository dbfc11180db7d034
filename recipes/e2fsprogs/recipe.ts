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
      check: sh`
        # Images are packed by bzip2, which is not here; perl has its format.
        mkdir $WORK/bin
        echo 'exec perl -MIO::Uncompress::Bunzip2=bunzip2 -e "bunzip2(q(-), q(-)) or die"' > $WORK/bin/bzip2
        chmod +x $WORK/bin/bzip2
        ln -s bzip2 $WORK/bin/bunzip2
        # File systems larger than a file may be in a sandbox.
        rm -r ../tests/{m_hugefile,r_move_itable_nostride,r_move_itable_realloc}
        PATH=$WORK/bin:$PATH make check
      `,
      adjust: sh`
        rm $OUT/usr/lib/lib{com_err,e2p,ext2fs,ss}.a
        # It checks snapshots of LVM, which is not there.
        rm -f $OUT/usr/sbin/e2scrub $OUT/usr/sbin/e2scrub_all $OUT/etc/e2scrub.conf
      `,
    }),
  },
});
