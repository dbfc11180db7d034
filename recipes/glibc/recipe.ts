import { autotools, defineRecipe, disable, sh } from 'blazeneuro/recipe';

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
      `,
      configure: [
        '--with-headers=$LFS/usr/include',
        '--enable-kernel=5.4',
        // The CET marks of what is linked against it: libgcc_s and libstdc++ of temporary/gcc ship.
        '--enable-cet',
        ...disable('nscd', 'werror'),
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
  },
});
