import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'gzip',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/gzip.
    temporary: autotools(),
    // LFS chapter08/gzip.
    final: autotools({ needs: ['glibc'], check: sh`make check` }),
  },
});
