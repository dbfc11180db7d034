import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'zlib',
  license: 'Zlib',
  builds: {
    // LFS chapter08/zlib.
    final: autotools({
      needs: ['glibc'],
      check: sh`make check`,
      adjust: sh`rm $OUT/usr/lib/libz.a`,
    }),
  },
});
