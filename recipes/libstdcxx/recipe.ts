import { defineRecipe, disable, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'libstdcxx',
  license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
  description: 'The C++ library for the cross-toolchain',
  // It could not be built together with the compiler: it needs glibc.
  sources: { '.': 'gcc' },
  // Tests, but for the Makefile.in beside the library's own, and what is for other languages.
  leaveOut: { '.': ['gcc/testsuite', 'libgo', 'libgomp', 'libphobos', 'libstdc++-v3/testsuite/*/*'] },
  builds: {
    // LFS chapter05/gcc-libstdc++.
    toolchain: script({
      needs: ['binutils', 'gcc', 'glibc', 'linux-headers'],
      // Only static: the second compiler is all that is linked with it, and by then half of the objects are spared.
      // The headers go to where the cross-compiler looks: below its sysroot's /tools.
      configure: sh`
        mkdir build
        cd build
        ../libstdc++-v3/configure --prefix=/usr --host=$TARGET --build=$BUILD \
          --with-gxx-include-dir=/tools/$TARGET/include/c++/$(cat ../gcc/BASE-VER) \
          ${disable('libstdcxx-pch', 'multilib', 'nls', 'shared')}
      `,
      build: sh`make -C build`,
      install: sh`make -C build DESTDIR=$OUT install`,
    }),
  },
});
