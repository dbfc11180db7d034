import { defineRecipe, disable, script, sh, without } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'elfutils',
  license: 'GPL-2.0-or-later OR LGPL-3.0-or-later',
  builds: {
    // LFS chapter08/libelf: only libelf, which the kernel's objtool needs.
    // No check: nobody has seen its tests end in the sandbox yet.
    final: script({
      needs: ['glibc', 'zlib'],
      // The temporary xz has a liblzma, which must not be found.
      configure: sh`
        ./configure --prefix=/usr --enable-libdebuginfod=dummy \
          ${disable('debuginfod', 'demangler', 'nls')} ${without('bzlib', 'lzma', 'zstd')}
      `,
      build: sh`
        make -C lib
        make -C libelf
      `,
      install: sh`
        make -C libelf install DESTDIR=$OUT
        install -D -m 644 config/libelf.pc $OUT/usr/lib/pkgconfig/libelf.pc
      `,
      adjust: sh`rm $OUT/usr/lib/libelf.a`,
    }),
  },
});
