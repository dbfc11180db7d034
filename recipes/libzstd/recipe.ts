import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'libzstd',
  license: 'BSD-3-Clause OR GPL-2.0-only',
  description: "zstd's library, for programs that read compressed kernel modules",
  sources: { '.': 'zstd' },
  builds: {
    // LFS chapter08/zstd. final/zstd is the program alone, without a library of its own.
    final: script({
      needs: ['glibc'],
      build: sh`make -C lib PREFIX=/usr libzstd`,
      check: sh`
        make -C tests fuzzer zstreamtest invalidDictionaries
        cd tests
        ./fuzzer -T10s
        ./zstreamtest --newapi -T10s
        ./invalidDictionaries
      `,
      install: sh`make -C lib PREFIX=/usr DESTDIR=$OUT install-pc install-shared install-includes`,
    }),
  },
});
