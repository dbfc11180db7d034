import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'ninja',
  license: 'Apache-2.0',
  description: 'Runs the build files that meson writes',
  builds: {
    // LFS chapter08/ninja.
    // No check: its tests ask for GoogleTest.
    final: script({
      needs: ['glibc'],
      build: sh`python3 configure.py --bootstrap`,
      install: sh`install -D -m 755 ninja $OUT/usr/bin/ninja`,
    }),
  },
});
