import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Takes memory until there is no more.
export default defineRecipe({
  name: 'alone-memory',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`perl -e 'my @all; push @all, "x" x 1_000_000 while 1'`,
      install: sh`touch $OUT/x`,
    }),
  },
});
