import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'tar',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/tar.
    temporary: autotools(),
    // LFS chapter08/tar.
    final: autotools({ needs: ['glibc'], check: sh`make check` }),
  },
});
