import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'patch',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/patch.
    temporary: autotools(),
    // LFS chapter08/patch.
    final: autotools({ needs: ['glibc'], configure: ['--disable-xattr'], check: sh`make check` }),
  },
});
