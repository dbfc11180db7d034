import { autotools, defineRecipe, disable, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'xz',
  license: '0BSD AND GPL-2.0-or-later',
  builds: {
    // LFS chapter06/xz.
    temporary: autotools({ configure: disable('static', 'doc') }),
    // LFS chapter08/xz.
    final: autotools({
      needs: ['glibc'],
      configure: disable('static', 'doc'),
      check: sh`make check`,
    }),
  },
});
