import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'zstd',
  license: 'BSD-3-Clause OR GPL-2.0-only',
  builds: {
    // LFS chapter08/zstd. Only the program, which compresses the kernel, and only for its own format.
    final: script({
      needs: ['glibc'],
      build: sh`make -C programs zstd HAVE_ZLIB=0 HAVE_LZMA=0 HAVE_LZ4=0`,
      check: sh`make -C tests check HAVE_ZLIB=0 HAVE_LZMA=0 HAVE_LZ4=0`,
      install: sh`make -C programs install PREFIX=/usr DESTDIR=$OUT HAVE_ZLIB=0 HAVE_LZMA=0 HAVE_LZ4=0`,
    }),
  },
});
