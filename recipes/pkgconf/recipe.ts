import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'pkgconf',
  license: 'ISC',
  builds: {
    // LFS chapter08/pkgconf.
    // No check: its tests ask for Kyua.
    final: autotools({
      needs: ['glibc'],
      configure: ['--disable-static'],
      adjust: sh`ln -s pkgconf $OUT/usr/bin/pkg-config`,
    }),
  },
});
