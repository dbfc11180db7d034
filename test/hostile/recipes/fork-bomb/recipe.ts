import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Starts processes until there can be no more.
export default defineRecipe({
  name: 'fork-bomb',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`perl -e 'while (1) { defined fork or die "fork: $!" }'`,
      install: sh`touch $OUT/x`,
    }),
  },
});
