import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'linux-headers',
  license: 'GPL-2.0-only WITH Linux-syscall-note',
  description: 'Headers of the kernel for programs',
  sources: { '.': 'linux' },
  builds: {
    // LFS chapter05/linux-headers. Not `headers_install`, which takes rsync.
    toolchain: script({
      // No `mrproper` first: a release has nothing to clean, and Debian's copy lacks folders that it walks into.
      build: sh`make ARCH=x86_64 headers`,
      install: sh`
        find usr/include -type f ! -name '*.h' -delete
        mkdir -p $OUT/usr
        cp -r usr/include $OUT/usr/
      `,
    }),
  },
});
