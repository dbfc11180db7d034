import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'ld-cache',
  license: 'MIT',
  description: "The loader's cache: a file that every package with a library would edit",
  sources: {},
  builds: {
    // LFS chapter08/glibc. Without the stages below, so that no library of the temporary system is seen.
    system: script({
      base: 'none',
      needs: [
        'final/bash',
        'final/coreutils',
        'final/e2fsprogs',
        'final/findutils',
        'final/gcc-libs',
        'final/glibc',
        'final/libxcrypt',
        'final/ncurses',
        'final/procps-ng',
        'final/shadow',
        'final/util-linux',
        'final/xz',
        'final/zlib',
        // The links /bin and /lib, which the closure of the others lacks: they name no stage.
        'prepare/layout',
      ],
      install: sh`
        mkdir -p $OUT/etc
        # The folders of the loader are read without being named. -i: no second cache; -X: libraries bring their links.
        : > $WORK/ld.so.conf
        ldconfig -i -X -f $WORK/ld.so.conf -C $OUT/etc/ld.so.cache
      `,
    }),
  },
});
