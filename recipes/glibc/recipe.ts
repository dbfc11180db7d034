import { autotools, defineRecipe, disable, enable, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'glibc',
  license: 'LGPL-2.1-or-later AND GPL-2.0-or-later',
  description: 'The C library',
  builds: {
    // LFS chapter05/glibc. final/glibc takes its place, so it is kept simple.
    toolchain: autotools({
      needs: ['binutils', 'gcc', 'linux-headers'],
      buildDir: 'build',
      prepare: sh`
        mkdir -p build
        # ldconfig and sln go to /usr/sbin.
        echo 'rootsbindir=/usr/sbin' > build/configparms
        # Character sets, locales and the manual. Only configure of gettext asks for the first, and is told.
        sed -i -E '/^all-subdirs = /,/elf$/s/ (conform|iconvdata|localedata|manual|po)\b//g' Makeconfig
      `,
      configure: [
        '--with-headers=$LFS/usr/include',
        '--enable-kernel=5.4',
        // The CET marks of what is linked against it: libgcc_s and libstdc++ of temporary/gcc ship.
        '--enable-cet',
        ...disable('mathvec', 'nscd', 'werror'),
        // Libraries go to /usr/lib, never to lib64.
        'libc_cv_slibdir=/usr/lib',
      ],
      adjust: sh`
        # The name of the loader that is in every program, and the one of the LSB.
        mkdir -p $OUT/lib64
        ln -s ../lib/ld-linux-x86-64.so.2 $OUT/lib64/ld-linux-x86-64.so.2
        ln -s ../lib/ld-linux-x86-64.so.2 $OUT/lib64/ld-lsb-x86-64.so.3
        sed -i '/RTLDLIST=/s@/usr@@g' $OUT/usr/bin/ldd
      `,
    }),
    // LFS chapter08/glibc, with the whole hardened set switched on.
    final: autotools({
      buildDir: 'build',
      // glibc gives each file the protection that it can bear: the loader's first code takes none.
      env: {
        CFLAGS: '-O2 -pipe -fstack-clash-protection',
        CXXFLAGS: '-O2 -pipe -fstack-clash-protection',
        LDFLAGS: null,
      },
      prepare: sh`
        mkdir -p build
        # ldconfig and sln go to /usr/sbin.
        echo 'rootsbindir=/usr/sbin' > build/configparms
      `,
      configure: [
        '--enable-kernel=5.4',
        '--enable-stack-protector=strong',
        '--enable-fortify-source=3',
        ...enable('bind-now', 'cet'),
        ...disable('nscd', 'werror'),
        'libc_cv_slibdir=/usr/lib',
      ],
      // All of them take hours: make check.
      check: sh`make check subdirs='setjmp stdlib'`,
      adjust: sh`
        # The name of the loader that is in every program, and the one of the LSB.
        mkdir -p $OUT/lib64
        ln -s ../lib/ld-linux-x86-64.so.2 $OUT/lib64/ld-linux-x86-64.so.2
        ln -s ../lib/ld-linux-x86-64.so.2 $OUT/lib64/ld-lsb-x86-64.so.3
        sed -i '/RTLDLIST=/s@/usr@@g' $OUT/usr/bin/ldd
        # system/ld-cache makes the cache, of all libraries that ship.
        rm -rf $OUT/etc/ld.so.cache $OUT/var/cache
        # The new localedef under the new loader, so that the locales fit the library that ships.
        mkdir -p $OUT/usr/lib/locale
        for locale in C en_US; do
          I18NPATH=$OUT/usr/share/i18n $OUT/usr/lib/ld-linux-x86-64.so.2 --library-path $OUT/usr/lib \
            $OUT/usr/bin/localedef --no-archive -i $locale -f UTF-8 $OUT/usr/lib/locale/$locale.utf8
        done
      `,
    }),
  },
});
