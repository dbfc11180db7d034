import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'make',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/make.
    temporary: autotools({ configure: ['--without-guile'] }),
    // LFS chapter08/make.
    final: autotools({
      needs: ['glibc'],
      configure: ['--without-guile', '--disable-nls'],
      check: sh`make check`,
    }),
  },
});
