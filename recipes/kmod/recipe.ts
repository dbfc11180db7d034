import { defineRecipe, meson, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'kmod',
  license: 'GPL-2.0-or-later AND LGPL-2.1-or-later',
  description: 'Loads kernel modules: modprobe, depmod, lsmod …',
  builds: {
    // LFS chapter08/kmod. Modules are compressed by zstd, so it reads no other kind, and no signatures.
    final: meson({
      needs: ['glibc', 'libzstd', 'meson', 'pkgconf'],
      configure: [
        '-Dxz=disabled',
        '-Dzlib=disabled',
        '-Dopenssl=disabled',
        // They are made by scdoc.
        '-Dmanpages=false',
        ...['bash', 'fish', 'zsh'].map((shell) => `-D${shell}completiondir=no`),
      ],
      // The other tests load modules, which would have to be built beside a kernel.
      check: sh`
        meson setup $WORK/tests -Dbuild-tests=true -Dmanpages=false -Dxz=disabled -Dzlib=disabled -Dopenssl=disabled
        for name in array hash list strbuf; do
          ninja -C $WORK/tests testsuite/test-$name
          $WORK/tests/testsuite/test-$name
        done
      `,
    }),
  },
});
