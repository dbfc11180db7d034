import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'flex',
  license: 'BSD-3-Clause-flex',
  builds: {
    // LFS chapter08/flex.
    final: autotools({
      needs: ['glibc'],
      configure: ['--disable-static'],
      check: sh`make check`,
      // Some programs ask for lex, and flex then behaves like it.
      adjust: sh`ln -s flex $OUT/usr/bin/lex`,
    }),
  },
});
