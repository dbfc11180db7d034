import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'diffutils',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/diffutils.
    temporary: autotools(),
    // LFS chapter08/diffutils.
    final: autotools({ needs: ['glibc'], configure: ['--disable-nls'], check: sh`make check` }),
  },
});
