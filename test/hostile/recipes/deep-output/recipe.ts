import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Leaves a tree so deep that no path reaches its end.
export default defineRecipe({
  name: 'deep-output',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`:`,
      install: sh`perl -e 'chdir $ENV{OUT}; for (1 .. 3000) { mkdir "d" or die; chdir "d" or die }'`,
    }),
  },
});
