import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'sed',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/sed.
    temporary: autotools(),
    // LFS chapter08/sed.
    final: autotools({ needs: ['glibc'], check: sh`make check` }),
  },
});
