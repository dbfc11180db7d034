import { defineRecipe, meson, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'json-c',
  license: 'MIT',
  description: 'Reads and writes JSON; cryptsetup keeps the keys of a drive in it',
  builds: {
    // Not in LFS. It builds with cmake, of which nothing else here would make use; files/meson.build does the same.
    final: meson({
      needs: ['glibc', 'meson', 'pkgconf'],
      prepare: sh`cp $FILES/meson.build .`,
    }),
  },
});
