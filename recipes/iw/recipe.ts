import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'iw',
  license: 'ISC',
  description: 'Shows and sets what a Wi-Fi card does',
  builds: {
    // Not in LFS. Its Makefile takes the flags of the environment.
    // No check: it has no tests.
    final: script({
      needs: ['glibc', 'libnl', 'pkgconf'],
      build: sh`make V=1`,
      install: sh`make PREFIX=/usr DESTDIR=$OUT install`,
    }),
  },
});
