import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'dosfstools',
  license: 'GPL-3.0-or-later',
  builds: {
    // Not in LFS. fsck.fat keeps the ESP in order.
    final: autotools({
      needs: ['glibc'],
      configure: [
        '--sbindir=/usr/sbin',
        // fsck looks for fsck.vfat, by the type of the file system.
        '--enable-compat-symlinks',
        // The character tables of glibc need not ship: the table of code page 850 is built in.
        '--without-iconv',
      ],
      check: sh`make check`,
    }),
  },
});
